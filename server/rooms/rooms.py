"""The meetings that are now held, one for each room that somebody is in."""

from __future__ import annotations

import logging

import anyio

from server.rooms.meeting import Meeting
from server.rooms.store import StoredRoom
from server.runtime import NotReady, Runtime

_log = logging.getLogger(__name__)


class Rooms:
    """Meetings run in the server's own task group."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._meetings: dict[str, Meeting] = {}

    async def meeting(self, room: StoredRoom) -> Meeting:
        """The room's meeting, begun where there is none. Raises NotReady."""
        self._runtime.ready()
        running = self._meetings.get(room.id)
        if running is not None:
            return running
        if self._runtime.sessions is None:
            raise NotReady("the server is starting or stopping", retry_after_s=1.0)
        meeting = self._meetings[room.id] = Meeting(self._runtime, room)
        begun = anyio.Event()
        self._runtime.sessions.start_soon(self._run, room.id, meeting, begun, name=f"room {room.id}")
        await begun.wait()
        return meeting

    def counts(self, room_id: str) -> tuple[int, int]:
        """Speakers and listeners inside."""
        meeting = self._meetings.get(room_id)
        return meeting.counts if meeting is not None else (0, 0)

    def close(self, room_id: str, reason: str) -> None:
        """Everyone inside is told."""
        meeting = self._meetings.get(room_id)
        if meeting is not None:
            meeting.close(reason)

    async def _run(self, room_id: str, meeting: Meeting, begun: anyio.Event) -> None:
        """Nothing that happens in a meeting reaches the server."""
        try:
            await meeting.run(begun)
        except Exception:
            _log.exception("the meeting in room %s failed", room_id)
        finally:
            if self._meetings.get(room_id) is meeting:
                del self._meetings[room_id]
