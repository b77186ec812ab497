"""Speakers who join a live server one by one, each with a session that lasts as long as the run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import anyio

from bench.corpus import Clip
from bench.events import BenchEvent, ClauseHeard, ClauseSkipped
from bench.load_knee import Step, Trouble, too_much
from bench.systems.over_websocket import OverWebSocket
from bench.systems.server_process import read_process
from clients.voice_client import SessionRefused
from streaming.errors import BadInput, Busy, DragomanError, Unauthorized

SETTLE_S = 5.0
"""about what a new speaker's first clause takes; what is heard sooner is the step before it"""
_REJOIN_S = 1.0
_REFUSALS = (Busy, Unauthorized, BadInput, SessionRefused)


class LoadRun:
    """One run against one server."""

    def __init__(self, system: OverWebSocket, server_url: str, *, step_s: float) -> None:
        """`step_s`: how long each number of speakers is watched, with the time to settle."""
        self._system = system
        self._server = server_url
        self._step_s = step_s
        self._joined: set[int] = set()
        self._spans_s: list[float] = []
        self._skipped = 0
        self._heard: set[int] = set()
        self._refused: list[Trouble] = []
        self._failed: list[Trouble] = []

    async def run(self, talks: Sequence[Clip], told: Callable[[Step], None]) -> list[Step]:
        """A step for each talk, which is one more speaker's, up to the first that is too much. `told` gets each."""
        steps: list[Step] = []
        async with anyio.create_task_group() as group:
            for speaker, talk in enumerate(talks, start=1):
                group.start_soon(self._speak, speaker, talk, name=talk.name)
                steps.append(await self._watch(speaker))
                told(steps[-1])
                if too_much(steps[-1]):
                    break
            group.cancel_scope.cancel()
        return steps

    async def _speak(self, speaker: int, talk: Clip) -> None:
        """Until cancelled or refused; a session that breaks is followed by a new one, so that the load stays."""
        while True:
            try:
                await self._system.listen(talk, partial(self._take, speaker))
            except Exception as error:  # whatever it is, the other speakers go on
                if isinstance(error, _REFUSALS) and speaker not in self._joined:
                    self._refused.append(_trouble(speaker, error))
                    return
                self._failed.append(_trouble(speaker, error))
                await anyio.sleep(_REJOIN_S)

    def _take(self, speaker: int, event: BenchEvent) -> None:
        self._joined.add(speaker)
        match event:
            case ClauseHeard():
                self._heard.add(speaker)
                self._spans_s.append(event.at_s - event.source_end_s)
            case ClauseSkipped():
                self._skipped += 1

    async def _watch(self, speakers: int) -> Step:
        self._refused, self._failed = [], []
        await anyio.sleep(SETTLE_S)
        before = await read_process(self._server)
        self._spans_s, self._skipped, self._heard = [], 0, set()
        await anyio.sleep(self._step_s - SETTLE_S)
        after = await read_process(self._server)
        cpu = (after.cpu_s - before.cpu_s) / (after.at_s - before.at_s) if before and after else None
        return Step(
            speakers,
            tuple(self._spans_s),
            self._skipped,
            speakers - len(self._refused) - len(self._heard),
            tuple(self._refused),
            tuple(self._failed),
            cpu,
            after.rss_bytes if after else None,
        )


def _trouble(speaker: int, error: Exception) -> Trouble:
    if isinstance(error, DragomanError):
        return Trouble(speaker, error.code, error.reason)
    return Trouble(speaker, DragomanError.code, f"{type(error).__name__}: {error}")
