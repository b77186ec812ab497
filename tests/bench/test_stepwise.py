"""The path, step by step: each call's answer rests on the audio pushed so far."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import anyio
import numpy as np
import pytest

from bench import stepwise
from bench.stepwise import StepwiseTranslation
from server.interpreter import Target
from streaming.channel import Channel
from streaming.clock import now
from streaming.errors import BadInput
from streaming.items import AudioChunk, Event, Transcript

SECOND = np.zeros(16_000, np.float32)


class Counting:
    """A path that calls a model on each whole second; 0.3 s later it says how much it had heard, and the time."""

    fails = False

    def __init__(self, *, engine: Any, models: Any, source: str, targets: Any) -> None:
        self._engine = engine

    async def run(self, audio: Channel[AudioChunk], events: Channel[Event]) -> None:
        heard = 0
        async with anyio.create_task_group() as group:
            async for chunk in audio:
                assert chunk.start == heard
                heard += len(chunk.samples)
                if self.fails:
                    raise BadInput("no more of this")
                if heard % 16_000 == 0:
                    group.start_soon(self._tell, heard // 16_000, events)
        events.close()

    async def _tell(self, heard_s: float, events: Channel[Event]) -> None:
        await self._engine.call(Doubling(), heard_s, deadline_s=now() + 1)
        await anyio.sleep(0.3)
        await events.send(Transcript(f"{now():.1f}", heard_s=heard_s))


class Doubling:
    """A model."""

    name = "doubling"
    max_batch = 1
    threads = 1

    def run(self, batch: list[float]) -> list[float]:
        return [2 * number for number in batch]


@pytest.fixture
def path(monkeypatch: pytest.MonkeyPatch) -> Iterator[StepwiseTranslation]:
    monkeypatch.setattr(stepwise, "SpeechPath", Counting)
    translation = StepwiseTranslation(None, "en", Target("pt"))  # type: ignore[arg-type]
    yield translation
    translation.close()


def test_what_takes_longer_than_the_audio_comes_with_a_later_push(path: StepwiseTranslation) -> None:
    assert path.push(SECOND) == []
    assert path.push(SECOND) == [Transcript("1.3", heard_s=1)]
    assert path.push(SECOND[:4000]) == []
    assert path.push(SECOND[:4000]) == [Transcript("2.3", heard_s=2)]


def test_the_rest_comes_at_the_end(path: StepwiseTranslation) -> None:
    path.push(SECOND)
    assert path.finish() == [Transcript("1.3", heard_s=1)]


def test_a_source_without_samples_ends(path: StepwiseTranslation) -> None:
    assert path.push(SECOND[:0]) == []
    assert path.finish() == []


def test_a_path_that_fails_raises_instead_of_waiting(
    path: StepwiseTranslation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Counting, "fails", True)
    with pytest.raises(BadInput, match="no more of this"):
        path.push(SECOND)
