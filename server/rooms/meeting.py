"""A running meeting: who comes and goes, whose words go to whom. One task group, which ends whole.

microphone -> Floor: a Speaker (one speech path) -> captions -> all who read that language
    |                                           '-> voice ---> MixDesk -> a mix, encoded once for all who hear the same
    '-> original --------------------------------------------> MixDesk
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any, assert_never

import anyio
import anyio.to_thread
from anyio.abc import TaskGroup

from server.rooms.access import require
from server.rooms.captions import Caption, CaptionLog
from server.rooms.floor import Floor, Stretch
from server.rooms.meeting_seat import MeetingSeat
from server.rooms.mix_desk import MixDesk
from server.rooms.orders import (
    HOST_ONLY,
    Change,
    Close,
    Glossaries,
    Leave,
    Mute,
    Order,
    Ping,
    Remove,
    checked,
    read_order,
)
from server.rooms.roster import Participant, Roster
from server.rooms.seat import Role, Wishes
from server.rooms.store import StoredRoom
from server.runtime import NotReady, Runtime
from streaming.clock import now
from streaming.errors import DragomanError
from streaming.items import (
    BudgetChanged,
    ClausePlayed,
    ClauseSkipped,
    Event,
    Samples,
    SpeechFrame,
    Transcript,
    Translation,
)

KEPT_S = 30.0
"""How long the seat of who lost the connection is kept."""

EMPTY_S = 60.0
"""How long a meeting goes on without anybody, so that who reloads the page finds the captions."""

_TOLD_EVERY_S = 0.5
"""The state of the room goes out twice a second at most, however many come and go."""

_log = logging.getLogger(__name__)


class Meeting:
    """Made for a stored room, then `run`."""

    def __init__(self, runtime: Runtime, room: StoredRoom) -> None:
        self._runtime = runtime
        self._room = room
        self._roster = Roster()
        self._desk = MixDesk()
        self._floor = Floor(
            runtime,
            self._roster,
            self._desk,
            room=room.id,
            transcripts=room.transcripts,
            tell=self._heard,
            fail=self._failed,
        )
        self._log = CaptionLog()
        self._seats: dict[str, MeetingSeat] = {}
        self._lost_at_s: dict[str, float] = {}
        self._empty_since_s: float | None = now()
        self._changed = anyio.Event()
        self._closed = anyio.Event()
        self._group: TaskGroup | None = None

    @property
    def counts(self) -> tuple[int, int]:
        """Speakers, listeners."""
        speakers = len(self._roster.speakers)
        return speakers, len(self._roster) - speakers

    async def run(self, begun: anyio.Event) -> None:
        """Until it is closed or has been empty for a minute. Sets `begun` when it can be joined."""
        try:
            async with anyio.create_task_group() as group:
                self._group = group
                await self._begin_glossaries(group)
                group.start_soon(self._desk.run, name="mix desk")
                group.start_soon(self._tell_changes, name="room state")
                group.start_soon(self._expire, name="lost seats")
                begun.set()
                await self._closed.wait()
                group.cancel_scope.cancel()
        finally:
            self._group = None
            begun.set()
            self._floor.close()
            for seat in self._seats.values():
                seat.end()

    async def join(self, wishes: Wishes, role: Role, again: str | None = None) -> MeetingSeat:
        """`again`: who they were before the server was started anew.

        Raises BadInput and UnsupportedLanguage for wishes that can't be met, Busy where there is no room.
        """
        wishes = checked(wishes, role, self._runtime.ready())
        participant = self._roster.add(role, wishes, again).id
        try:
            self._take_floor(participant)
        except DragomanError:
            self._roster.remove(participant)
            raise
        return self._sit(participant)

    async def resume(self, participant: str) -> MeetingSeat:
        """The seat of one whose connection was lost, or is about to be found lost. Raises UnknownParticipant."""
        self._roster.change(participant, connected=True)
        self._lost_at_s.pop(participant, None)
        before = self._seats.pop(participant, None)
        if before is not None:
            self._desk.leave(before.packets)
            before.end()
        return self._sit(participant)

    def replay(self, seat: MeetingSeat, seen: int) -> None:
        """Tells the seat the captions after `seen`."""
        for kind, body in self._log.since(seen):
            if self._is_for(self._roster[seat.participant], body):
                seat.tell(kind, body)

    def close(self, reason: str) -> None:
        """Everyone is told, and it ends."""
        for seat in self._seats.values():
            seat.tell("closed", {"reason": reason})
            seat.end()
        self._closed.set()

    # What seats ask for.

    def state(self, participant: str) -> dict[str, Any]:
        role = self._roster[participant].role if participant in self._roster else None
        return {
            "room": self._room.id,
            "name": self._room.name,
            "role": role,
            "transcripts": self._room.transcripts,
            "glossaries": list(self._room.glossaries),
            **self._roster.described(participant),
        }

    def hear(self, participant: str, samples: Samples) -> None:
        who = self._roster[participant]
        speaking = not who.wishes.muted and self._floor.hear(participant, samples)
        if speaking != who.speaking:
            self._roster.change(participant, speaking=speaking)
            self._changed.set()

    def take(self, participant: str, message: dict[str, Any]) -> None:
        seat = self._seats[participant]
        try:
            order = read_order(message)
            if isinstance(order, HOST_ONLY):
                require(self._roster[participant].role, "host")
            if order is not None:
                self._follow(participant, order)
        except DragomanError as error:
            seat.tell("error", {"message": error.reason})

    def leave(self, participant: str) -> None:
        self._remove(participant)

    def lose(self, seat: MeetingSeat) -> None:
        if self._seats.get(seat.participant) is not seat:
            return  # they are back already
        del self._seats[seat.participant]
        self._desk.leave(seat.packets)
        seat.end()
        self._roster.change(seat.participant, connected=False, speaking=False)
        self._lost_at_s[seat.participant] = now()
        self._changed.set()

    # How it goes.

    def _follow(self, participant: str, order: Order) -> None:
        match order:
            case Ping():
                pass
            case Change(fields):
                self._change(participant, replace(self._roster[participant].wishes, **fields))
            case Mute(other):
                self._change(other, replace(self._roster[other].wishes, muted=True))
            case Remove(other):
                self._say_goodbye(other, "removed", "the host has removed you")
            case Glossaries(names):
                self._spawn_glossaries(participant, names)
            case Leave():
                self._remove(participant)
            case Close():
                self.close("the host has closed the room")
            case _:
                assert_never(order)

    def _change(self, participant: str, wishes: Wishes) -> None:
        who = self._roster[participant]
        wishes = checked(wishes, who.role, self._runtime.ready())
        self._roster.change(participant, wishes=wishes, speaking=who.speaking and not wishes.muted)
        before = who.wishes
        if (before.speaks, before.voice, before.name) != (wishes.speaks, wishes.voice, wishes.name):
            try:
                self._take_floor(participant)
            except DragomanError:
                self._roster.change(participant, wishes=before)
                raise
        self._rearrange()

    def _take_floor(self, participant: str) -> None:
        """Begins a stretch of speech, or leaves the floor for who speaks no more."""
        if self._group is None:
            raise NotReady("the meeting has just ended", retry_after_s=1.0)
        if self._roster[participant].wishes.speaks is None:
            self._floor.leave(participant)
            return
        self._floor.enter(participant)
        self._floor.begin(participant, self._group)

    def _sit(self, participant: str) -> MeetingSeat:
        resume = self._runtime.access.issue_resume(self._room.id, participant)
        self._seats[participant] = seat = MeetingSeat(self, participant, resume)
        self._empty_since_s = None
        self._rearrange()
        return seat

    def _remove(self, participant: str) -> None:
        seat = self._seats.pop(participant, None)
        if seat is not None:
            self._desk.leave(seat.packets)
            seat.end()
        self._lost_at_s.pop(participant, None)
        self._floor.leave(participant)
        self._roster.remove(participant)
        if not len(self._roster):
            self._empty_since_s = now()
        self._rearrange()

    def _say_goodbye(self, participant: str, kind: str, reason: str) -> None:
        if self._roster[participant].id in self._seats:
            self._seats[participant].tell(kind, {"reason": reason})
        self._remove(participant)

    def _rearrange(self) -> None:
        """After any change: who is translated into what, who hears which mix, and all are told."""
        self._floor.aim()
        for participant, seat in self._seats.items():
            self._desk.listen(seat.packets, self._roster.mix_key(participant))
        self._changed.set()

    async def _begin_glossaries(self, group: TaskGroup) -> None:
        try:
            await self._floor.use_glossaries(self._room.glossaries, group)
        except DragomanError as error:
            _log.warning("room %s begins without its glossaries: %s", self._room.id, error.reason)

    def _spawn_glossaries(self, participant: str, names: tuple[str, ...]) -> None:
        if self._group is not None:
            self._group.start_soon(self._use_glossaries, participant, names, name="glossaries")

    async def _use_glossaries(self, participant: str, names: tuple[str, ...]) -> None:
        assert self._group is not None
        try:
            await self._floor.use_glossaries(names, self._group)
            store = self._runtime.room_store
            await anyio.to_thread.run_sync(store.set_glossaries, self._room.id, names)
            self._room = replace(self._room, glossaries=names)
        except DragomanError as error:
            if participant in self._seats:
                self._seats[participant].tell("error", {"message": error.reason})
        self._changed.set()

    async def _tell_changes(self) -> None:
        while True:
            await self._changed.wait()
            self._changed = anyio.Event()
            for participant, seat in list(self._seats.items()):
                seat.tell("room", self.state(participant))
            await anyio.sleep(_TOLD_EVERY_S)

    async def _expire(self) -> None:
        while True:
            await anyio.sleep(1.0)
            for participant, lost_at_s in list(self._lost_at_s.items()):
                if now() - lost_at_s > KEPT_S:
                    self._remove(participant)
            if self._empty_since_s is not None and now() - self._empty_since_s > EMPTY_S:
                self._closed.set()

    # What is said.

    def _heard(self, stretch: Stretch, event: Event) -> None:
        who = stretch.who
        match event:
            case SpeechFrame(language=language):
                self._desk.say(who.id, stretch.number, language, event.samples)
            case Transcript() | Translation():
                for caption in stretch.captions.push(event):
                    self._publish(who, "caption", caption)
            case ClauseSkipped():
                self._publish(who, "skipped", stretch.captions.skip(event))
            case ClausePlayed(clause=clause):
                self._tell_hearers(who, clause.language, "span", {"seconds": round(event.ear_voice_span_s, 2)})
            case BudgetChanged(language=language):
                self._tell_hearers(who, language, "budget", {"level": event.level, "reason": event.reason})
            case _:
                assert_never(event)

    def _publish(self, who: Participant, kind: str, caption: Caption) -> None:
        body = self._log.add(kind, {"participant": who.id, "name": who.wishes.name, **caption})
        for other, seat in list(self._seats.items()):
            if self._is_for(self._roster[other], body):
                seat.tell(kind, body)

    def _is_for(self, who: Participant, body: Caption) -> bool:
        return bool(body.get("original")) or body["language"] == who.wishes.captions

    def _tell_hearers(self, who: Participant, language: str, kind: str, body: dict[str, Any]) -> None:
        for other, seat in list(self._seats.items()):
            if other != who.id and self._roster[other].wishes.hears == language:
                seat.tell(kind, {"participant": who.id, "language": language, **body})

    def _failed(self, participant: str, error: DragomanError) -> None:
        """They go on as a listener."""
        if participant not in self._roster:
            return
        self._floor.leave(participant)
        wishes = replace(self._roster[participant].wishes, speaks=None)
        self._roster.change(participant, wishes=wishes, speaking=False)
        if participant in self._seats:
            message = f"your speech is no longer translated: {error.reason}"
            self._seats[participant].tell("error", {"message": message})
        self._rearrange()
