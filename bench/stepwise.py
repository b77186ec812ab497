"""The product's speech path for a caller that hands in audio step by step and asks what came of it.

Evaluators drive a system so: they push a segment, take the answer, push the next one (SimulEval, Ma et al. 2020). Here
the path's tasks live on a virtual-time loop that stands still between the calls. Compute costs nothing on that clock,
since the evaluator counts it by itself: what comes out rests on the audio pushed so far and on nothing else.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import anyio

from bench.live_speaker import as_spoken, pieces
from server.interpreter import Target
from server.load import Models
from server.speech_path import SpeechPath
from streaming.audio import ASR_RATE_HZ, FRAME_MS
from streaming.channel import Channel
from streaming.clock import VirtualTimeLoop
from streaming.engine import Model
from streaming.errors import first_error
from streaming.items import AudioChunk, Event, Samples
from streaming.local_engine import WORKERS, LocalEngine

_FRAME = ASR_RATE_HZ * FRAME_MS // 1000

_SETTLE_S = 1e-6
"""The virtual loop comes to this timer only when nothing else is ready: all work on the audio so far is done."""


class StepwiseTranslation:
    """One speaker into one language. Not for use under a running event loop, since it runs its own."""

    def __init__(self, models: Models, source: str, target: Target) -> None:
        """Raises UnsupportedLanguage for a pair without models."""
        self._engine = LocalEngine(_free_of_charge, workers=WORKERS, observe=_unobserved)
        self._path = SpeechPath(engine=self._engine, models=models, source=source, targets=[target])
        self._audio: Channel[AudioChunk] = Channel("pushed audio", 16, "wait")
        self._pushed = 0
        self._told: list[Event] = []
        self._loop = VirtualTimeLoop()
        self._session = self._loop.create_task(self._run())

    @property
    def heard_s(self) -> float:
        """What was pushed so far, and the path's clock: `SpeechFrame.at_s` and other clock times count from 0."""
        return self._pushed / ASR_RATE_HZ

    def push(self, samples: Samples) -> list[Event]:
        """What the path said while it heard these samples, 16 kHz, shape (n,), in real time.

        Raises DragomanError when the path failed.
        """
        feeding = self._loop.create_task(self._feed(samples))
        either = asyncio.wait({feeding, self._session}, return_when=asyncio.FIRST_COMPLETED)
        self._loop.run_until_complete(either)
        if self._session.done():  # before the end of the audio: it failed, and the feed may wait for it forever
            feeding.cancel()
            self._session.result()
        return self._taken()

    def finish(self) -> list[Event]:
        """The rest, after the last sample: all text, and the voice to its end. Raises DragomanError."""
        self._audio.close()
        self._loop.run_until_complete(self._session)
        return self._taken()

    def close(self) -> None:
        """Ends the path wherever it is; nothing can be called afterwards."""
        self._session.cancel()
        self._loop.run_until_complete(asyncio.wait({self._session}))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _run(self) -> None:
        events: Channel[Event] = Channel("events", 256, "wait")
        with first_error():
            async with anyio.create_task_group() as running:
                running.start_soon(self._engine.run, name="engine")
                async with anyio.create_task_group() as group:
                    group.start_soon(self._path.run, self._audio, events, name="speech path")
                    async for event in events:
                        self._told.append(event)
                running.cancel_scope.cancel()

    async def _feed(self, samples: Samples) -> None:
        """In frames at the pace of a microphone, so that every frame has the capture time that it would have live."""
        async for frame in as_spoken(pieces(samples, _FRAME), began_s=0.0, begin=self._pushed):
            await self._audio.send(frame)
        self._pushed += len(samples)
        await anyio.sleep(_SETTLE_S)

    def _taken(self) -> list[Event]:
        told, self._told = self._told, []
        return told


async def _free_of_charge(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
    return model.run(batch), 0.0


def _unobserved(model: str, batch: int, seconds: float) -> None:
    pass
