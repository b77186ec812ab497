"""The agents' answers to SimulEval's segments, from a session made by hand."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from streaming.items import Event, SpeechFrame, TargetWord, Translation

segments = pytest.importorskip("simuleval.data.segments")
simuleval_agent = pytest.importorskip("bench.simuleval_agent")

FRAME = np.full(480, 0.5, np.float32)
ARGS = Namespace(device="cpu", source_language="en", target_language="pt")


class Scripted:
    """A session that speaks from 0.4 to 1.02 s, commits a word in the first half second, another one at the end."""

    def __init__(self, models: Any, source: str, target: Any) -> None:
        self.heard_s = 0.0
        self._frames = iter([SpeechFrame("pt", FRAME, 0.4 + 0.02 * index) for index in range(31)])

    def push(self, samples: np.ndarray) -> list[Event]:
        assert samples.dtype == np.float32
        self.heard_s += len(samples) / 16_000
        told: list[Event] = list(self._frames_before(self.heard_s))
        if self.heard_s == 0.5:
            told.append(Translation("pt", (TargetWord("Bom", 0.0, 0.5),)))
        return told

    def finish(self) -> list[Event]:
        return [Translation("pt", (TargetWord("dia", 0.5, 1.0),)), *self._frames]

    def close(self) -> None:
        pass

    def _frames_before(self, end_s: float) -> Iterator[SpeechFrame]:
        # A frame that begins just before the end of the audio is told now and sounds beyond it.
        for frame in self._frames:
            yield frame
            if frame.at_s + 0.02 >= end_s:
                return


class AnyPair:
    """Models for every pair."""

    def translator(self, source: str, target: str) -> None: ...


@pytest.fixture(autouse=True)
def _no_models(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simuleval_agent, "load_models", lambda store, device: AnyPair())
    monkeypatch.setattr(simuleval_agent, "StepwiseTranslation", Scripted)


def half_second(*, rate_hz: int = 16_000, channels: int = 1, last: bool = False) -> Any:
    sample = 0.1 if channels == 1 else [0.1] * channels
    return segments.SpeechSegment(content=[sample] * (rate_hz // 2), sample_rate=rate_hz, finished=last)


def test_words_are_written_as_they_are_committed_and_the_rest_at_the_end() -> None:
    agent = simuleval_agent.DragomanAgent(ARGS)
    first, second, last = (agent.pushpop(half_second(last=index == 2)) for index in range(3))
    assert (first.content, first.finished) == ("Bom", False)
    assert second.is_empty
    assert (last.content, last.finished) == ("dia", True)


def test_after_a_reset_the_next_source_begins_anew() -> None:
    agent = simuleval_agent.DragomanAgent(ARGS)
    agent.pushpop(half_second(last=True))
    agent.reset()
    assert agent.pushpop(half_second()).content == "Bom"


def test_stereo_is_heard_as_one_channel() -> None:
    agent = simuleval_agent.DragomanAgent(ARGS)
    assert agent.pushpop(half_second(channels=2)).content == "Bom"


def test_a_source_of_another_rate_is_heard_whole() -> None:
    agent = simuleval_agent.DragomanAgent(ARGS)
    agent.pushpop(half_second(rate_hz=48_000))
    agent.pushpop(half_second(rate_hz=48_000, last=True))
    assert agent._listener.heard_s == pytest.approx(1.0, abs=0.001)


def test_a_voice_that_goes_on_over_segments_is_not_torn_apart() -> None:
    agent = simuleval_agent.DragomanSpeechAgent(ARGS)
    pieces = [agent.pushpop(half_second(last=index == 2)) for index in range(3)]
    voice = np.concatenate([piece.content for piece in pieces])
    assert len(pieces[0].content) == 12_000  # a whole segment, so that SimulEval plays the next one right after it
    assert np.flatnonzero(voice)[0] == round(0.4 * 24_000)
    assert np.count_nonzero(voice) == np.ptp(np.flatnonzero(voice)) + 1 == 31 * 480
