"""The way into a meeting over WebRTC: who may, a seat, the answer to an offer, and then an open connection."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from anyio import to_thread
from anyio.abc import TaskGroup

from server.rooms.access import require
from server.rooms.connections import Connection, Connections
from server.rooms.participant_session import Carries, ParticipantSession
from server.rooms.rooms import Rooms
from server.rooms.roster import UnknownParticipant
from server.rooms.seat import Role, Seat, Wishes
from server.rooms.store import StoredRoom
from server.runtime import NotReady, Runtime


@dataclass(frozen=True, slots=True)
class Back:
    """What one who was here before brings."""

    token: str
    seen: int = 0
    """the last caption that they have"""
    wishes: Wishes | None = None
    """with which to come in, under the same identity, where the seat is gone: after a restart of the server"""


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
        """A new participant. Raises as `check` and `Meeting.join`, and BadInput for an offer that can't be answered."""
        room, role = await self.check(room_id, authorization)
        if wishes.speaks is not None:
            require(role, "speaker")
        tasks = self._tasks()
        seat = await (await self._rooms.meeting(room)).join(wishes, role)
        return await self._connect(room, seat, carries, sdp, tasks, give_back=seat.leave)

    async def enter_again(self, room_id: str, authorization: str | None, back: Back, sdp: str) -> Entered:
        """One who was here before; what connection they still have is closed.

        Raises Unauthorized for a token of nobody, UnknownParticipant for a seat that is gone where nothing is wished
        for, else as `enter`.
        """
        room = await to_thread.run_sync(self._runtime.room_store.get, room_id)
        participant = await to_thread.run_sync(self._runtime.access.check_resume, back.token, room.id)
        tasks = self._tasks()
        await self.connections.replace(room.id, participant)
        meeting = await self._rooms.meeting(room)
        try:
            seat = await meeting.resume(participant)
        except UnknownParticipant:
            if back.wishes is None:
                raise
            _room, role = await self.check(room_id, authorization)
            seat = await meeting.join(back.wishes, role, again=participant)
        meeting.replay(seat, back.seen)
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
