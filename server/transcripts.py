"""The transcripts of a server: what its sessions say goes to the store in batches, and what is over is deleted.

Nothing that happens to the file ends a session: it is logged once, counted, and tried again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import AbstractContextManager, asynccontextmanager, contextmanager

import anyio
import anyio.to_thread

from server.interpreter import Job
from server.metrics import Metrics
from server.transcript_lines import TranscriptLines
from server.transcript_store import (
    KeptLine,
    Session,
    Speaker,
    StoredTranscript,
    TranscriptStore,
    UnknownTranscript,
)
from streaming.items import Event

_WRITE_PERIOD_S = 0.5
"""A crash may lose a second of what was said; half of it is left for the disk."""

_EXPIRE_PERIOD_S = 60.0
"""A fifteenth of the shortest retention. Nobody can read what is over, whether it is deleted yet or not."""

MOST_WAITING = 10_000
"""Lines, some 5 MB: more than an hour of five speakers. When the disk is slower than that, the oldest are lost."""

_log = logging.getLogger(__name__)

Keep = Callable[[Event], None]
"""Is told of everything that happens in a session."""


class Transcripts:
    """Lines wait here until they are written; a line that grows meanwhile is written once."""

    def __init__(
        self,
        store: TranscriptStore,
        *,
        keep_s: float | None,
        metrics: Metrics,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """`keep_s`: of sessions outside of rooms; None: nothing is written. `clock`: seconds since the epoch."""
        self._store = store
        self._keep_s = keep_s
        self._metrics = metrics
        self._clock = clock
        self._waiting: dict[tuple[str, bool, str, int], KeptLine] = {}
        self._open: dict[str, Session] = {}
        self._removed: set[str] = set()
        """those of the open sessions whose words are not kept any more"""
        self._writing = anyio.Lock()
        self._failing = False

    @asynccontextmanager
    async def keeping(self) -> AsyncIterator[None]:
        """Writes and deletes while the context lasts, and at its end writes what waits."""
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._write_on, name="transcripts: write")
                group.start_soon(self._expire_on, name="transcripts: expire")
                yield
                group.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self._write()

    def session(self, session_id: str, job: Job) -> AbstractContextManager[Keep]:
        """Takes the events of a session while the context lasts."""
        return self._keep(Session(session_id, job.source, job.targets, self._clock()), self._keep_s)

    def speaker(
        self, session_id: str, source: str | None, targets: Sequence[str], *, room: str, name: str, keep_s: float | None
    ) -> AbstractContextManager[Keep]:
        """Takes the events of one who speaks in a meeting, from now, when the stream begins, until the context ends.

        Whoever goes on under another name does so under another id. `keep_s` None: nothing is written.
        """
        return self._keep(Session(session_id, source, tuple(targets), self._clock(), Speaker(room, name)), keep_s)

    async def read(self, session_id: str) -> StoredTranscript:
        """All that was committed so far. Raises UnknownTranscript, StoreFailed."""
        await self._write()
        return await anyio.to_thread.run_sync(self._store.read, session_id)

    async def read_room(self, room: str) -> list[StoredTranscript]:
        """All that the speakers have committed so far. Raises UnknownTranscript, StoreFailed."""
        await self._write()
        return await anyio.to_thread.run_sync(self._store.read_room, room)

    async def remove(self, session_id: str) -> None:
        """At once; what the session goes on to say is not kept either. Raises UnknownTranscript, StoreFailed."""
        if not await self._remove(lambda session: session.id == session_id, self._store.remove, session_id):
            raise UnknownTranscript(f"no transcript is stored under {session_id!r}")

    async def remove_room(self, room: str) -> None:
        """At once, if there is any; what the meeting goes on to say is not kept either. Raises StoreFailed."""
        await self._remove(lambda session: _is_in(session, room), self._store.remove_room, room)

    async def _remove(self, is_meant: Callable[[Session], bool], remove: Callable[[str], bool], key: str) -> bool:
        """Whether there was anything to remove, or to come."""
        async with self._writing:
            waiting = [place for place, kept in self._waiting.items() if is_meant(kept.session)]
            for each in waiting:
                del self._waiting[each]
            ended = {session.id for session in self._open.values() if is_meant(session)} - self._removed
            self._removed |= ended
            removed = await anyio.to_thread.run_sync(remove, key)
        return removed or bool(waiting or ended)

    @contextmanager
    def _keep(self, session: Session, keep_s: float | None) -> Iterator[Keep]:
        if keep_s is None:
            yield _keep_nothing
            return
        lines = TranscriptLines()

        def keep(event: Event) -> None:
            if session.id in self._removed:
                return
            for line in lines.push(event, self._clock()):
                self._waiting[session.id, line.original, line.language, line.place] = KeptLine(session, line, keep_s)
            self._make_room()

        if session.speaker and any(_is_in(self._open[removed], session.speaker.room) for removed in self._removed):
            self._removed.add(session.id)
        self._open[session.id] = session
        try:
            yield keep
        finally:
            del self._open[session.id]
            self._removed.discard(session.id)

    def _make_room(self) -> None:
        too_many = len(self._waiting) - MOST_WAITING
        for _ in range(too_many):
            del self._waiting[next(iter(self._waiting))]
        if too_many > 0:
            self._metrics.add_dropped("transcript lines", too_many)

    async def _write_on(self) -> None:
        while True:
            await anyio.sleep(_WRITE_PERIOD_S)
            await self._write()

    async def _write(self) -> None:
        """What waits, in one batch; if that fails it waits on."""
        async with self._writing:
            if not self._waiting:
                return
            batch, self._waiting = self._waiting, {}
            if await self._tried(lambda: self._store.write(list(batch.values()))):
                return
            self._waiting = batch | self._waiting
            self._make_room()

    async def _expire_on(self) -> None:
        while True:
            await self._tried(self._store.expire)
            await anyio.sleep(_EXPIRE_PERIOD_S)

    async def _tried(self, call: Callable[[], None]) -> bool:
        """Whether the call succeeded, in a thread of its own."""
        try:
            await anyio.to_thread.run_sync(call)
        except Exception as error:  # whatever a broken file may raise, the sessions go on
            self._metrics.add_store_failure()
            if not self._failing:
                _log.error("transcripts can't be kept, which is tried again: %s", error)
            self._failing = True
            return False
        if self._failing:
            _log.info("transcripts are kept again")
        self._failing = False
        return True


def _keep_nothing(_event: Event) -> None:
    """What is said is not kept."""


def _is_in(session: Session, room: str) -> bool:
    return session.speaker is not None and session.speaker.room == room
