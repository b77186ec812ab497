"""The recognition stage alone, on spoken numbers that a fake model counts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import numpy as np

from asr.align_att import AlignAtt
from bench.recognition_run import RecognitionRun, StreamingRecognizer
from streaming.audio import ASR_RATE_HZ
from streaming.engine import Model
from tests.asr.hypotheses import NumberSplitter
from tests.asr.sounds import silence
from tests.asr.spoken_numbers import LoudnessDetector, NumberModel, speak

SPEECH = np.concatenate((silence(1), speak(range(12)), silence(1)))


def _recognize(call_s: float) -> RecognitionRun:
    async def execute(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        await anyio.sleep(call_s)
        return model.run(batch), call_s

    recognizer = StreamingRecognizer(
        NumberModel(),
        NumberSplitter(),
        LoudnessDetector,  # type: ignore[arg-type]
        "en",
        AlignAtt,
        execute=lambda: execute,
    )
    return recognizer.run(SPEECH)


def test_every_word_is_committed_once_after_it_was_spoken() -> None:
    run = _recognize(0.1)
    assert len(run.words) == 12
    assert all(one.at_s > one.word.end_s for one in run.words)


def test_the_clock_keeps_a_live_speaker_s_pace() -> None:
    run = _recognize(0.1)
    assert run.words[0].at_s < len(SPEECH) / ASR_RATE_HZ < run.words[-1].at_s + 1


def test_compute_is_on_the_clock_and_counted() -> None:
    fast, slow = _recognize(0.0), _recognize(0.3)
    assert fast.compute_s == 0.0
    assert slow.compute_s >= 0.3
    assert slow.words[-1].at_s > fast.words[-1].at_s
