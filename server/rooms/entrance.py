"""The way into a meeting over WebRTC: who may, a seat, the answer to an offer, and then an open connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from anyio import to_thread
from anyio.abc import TaskGroup

from server.rooms.access import require
from server.rooms.connections import Connection, Connections
from server.rooms.participant_session import Carries, ParticipantSession
from server.rooms.seat import Role, Seat, Wishes
from server.rooms.store import StoredRoom
from server.runtime import NotReady, Runtime
from streaming.errors import BadInput

LONGEST_NAME = 60


class Meeting(Protocol):
    """Where seats are had."""

    async def join(self, wishes: Wishes, role: Role) -> Seat:
        """Raises Busy, BadInput, UnsupportedLanguage."""

    async def resume(self, participant: str) -> Seat:
        """Raises BadInput when the seat is gone."""


class Rooms(Protocol):
    """Where meetings are found."""

    async def meeting(self, room: StoredRoom) -> Meeting:
        """The one that is held in this room now."""


@dataclass(frozen=True, slots=True)
class Entered:
    """What whoever came in is told."""

    connection: Connection
    sdp: str
    """the answer"""

    @property
    def seat(self) -> Seat:
        return self.connection.session.seat


class Entrance:
    """Of all rooms of one server. `connections` are those that came in here."""

    def __init__(self, runtime: Runtime, rooms: Rooms) -> None:
        self.connections = Connections()
        self._runtime = runtime
        self._rooms = rooms

    async def check(self, room_id: str, authorization: str | None) -> tuple[StoredRoom, Role]:
        """The room, and what whoever asks may do in it. Raises UnknownRoom, Unauthorized, Forbidden."""
        room = await to_thread.run_sync(self._runtime.room_store.get, room_id)
        return room, await to_thread.run_sync(self._runtime.access.check, authorization, room)

    async def enter(
        self, room_id: str, authorization: str | None, wishes: Wishes, carries: Carries, sdp: str
    ) -> Entered:
        """A new participant. Raises as `check` and `Meeting.join`; BadInput for wishes or an offer that can't be."""
        room, role = await self.check(room_id, authorization)
        if wishes.speaks is not None:
            require(role, "speaker")
        tasks = self._tasks()
        seat = await (await self._rooms.meeting(room)).join(_checked(wishes), role)
        return await self._connect(room, seat, carries, sdp, tasks, give_back=seat.leave)

    async def resume(self, room_id: str, token: str, sdp: str) -> Entered:
        """One who was here before; what connection they still have is closed. Raises as `Meeting.resume` does."""
        room = await to_thread.run_sync(self._runtime.room_store.get, room_id)
        participant = await to_thread.run_sync(self._runtime.access.check_resume, token, room.id)
        tasks = self._tasks()
        await self.connections.replace(room.id, participant)
        seat = await (await self._rooms.meeting(room)).resume(participant)
        speaks = (seat.state()["you"] or {}).get("speaks") is not None
        carries = Carries(microphone=speaks, mix=True, messages=True)
        return await self._connect(room, seat, carries, sdp, tasks, give_back=seat.lose)

    async def _connect(
        self,
        room: StoredRoom,
        seat: Seat,
        carries: Carries,
        sdp: str,
        tasks: TaskGroup,
        *,
        give_back: Callable[[], None],
    ) -> Entered:
        try:
            session = ParticipantSession(
                seat,
                carries,
                ice_servers=self._runtime.settings.ice.servers(time.time()),
                silent_peer_s=self._runtime.silent_peer_s,
            )
            answer = await session.answer(sdp)
            connection = Connection(room.id, session)
            self.connections.open(connection, tasks)
        except BaseException:
            give_back()
            raise
        return Entered(connection, answer)

    def _tasks(self) -> TaskGroup:
        if self._runtime.sessions is None:
            raise NotReady("the server is starting or stopping", retry_after_s=1.0)
        return self._runtime.sessions


def _checked(wishes: Wishes) -> Wishes:
    """With a name that is fit to be shown. Languages are the meeting's to check."""
    name = " ".join(wishes.name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise BadInput(f"name must be of 1 to {LONGEST_NAME} printable characters")
    if not 0.0 <= wishes.original <= 1.0:
        raise BadInput("original must be a number from 0 to 1")
    if wishes.voice not in (None, "female", "male"):
        raise BadInput("voice must be one of female, male")
    return replace(wishes, name=name)
