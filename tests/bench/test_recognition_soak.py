"""One long stream of spoken numbers that a fake model counts: what is kept of it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import anyio
import numpy as np

from asr.stage import RecognitionStage
from bench.live_speaker import pieces
from bench.recognition_soak import RecognitionSoak
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs
from streaming.engine import Engine, Model
from tests.asr.hypotheses import NumberSplitter
from tests.asr.sounds import silence
from tests.asr.spoken_numbers import LoudnessDetector, NumberModel, speak

CALL_S = 0.1
PHRASE = np.concatenate((silence(1), speak(range(10)), silence(1)))
SECONDS = 70 * len(PHRASE) / ASR_RATE_HZ


def _stage(engine: Engine) -> RecognitionStage:
    return RecognitionStage(
        engine=engine,
        whisper=NumberModel(),
        tokens=NumberSplitter(),
        vad=LoudnessDetector(),  # type: ignore[arg-type]
        language="en",
        knobs=Knobs,
    )


async def _execute(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
    await anyio.sleep(CALL_S)
    return model.run(batch), CALL_S


def _soak() -> RecognitionSoak:
    readings = itertools.count(100.0, 0.5)
    soak = RecognitionSoak(read_mb=lambda: next(readings), every_s=0.005)
    soak.run(pieces(np.tile(PHRASE, 70), 1600), _stage, execute=lambda: _execute)
    return soak


def test_every_five_minutes_have_figures_of_their_own() -> None:
    found = _soak().figures(SECONDS)
    assert [one["from_min"] for one in found["bins"]] == [0, 5]
    assert sum(one["words"] for one in found["bins"]) == found["words"] == 700
    first, last = found["bins"]
    assert first["rss_mb"] < last["rss_mb"]
    assert abs(first["compute_per_second"] - last["compute_per_second"]) < 0.05


def test_a_stream_that_keeps_up_has_no_slope_of_lag() -> None:
    slope = _soak().figures(SECONDS)["lag_slope_s_per_min"]
    assert slope["low"] < 0.01
    assert slope["high"] > -0.01


def test_memory_that_grows_has_a_slope() -> None:
    found = _soak().figures(SECONDS)
    assert found["rss_mb"]["first"] == 100.0
    assert found["rss_slope_mb_per_10_min"]["low"] > 0


def test_silence_has_no_words_and_no_latency() -> None:
    soak = RecognitionSoak(read_mb=lambda: None)
    soak.run(pieces(silence(20), 1600), _stage, execute=lambda: _execute)
    found = soak.figures(20.0)
    assert (found["words"], found["word_latency_ms"]["p50"], found["rss_mb"]) == (0, None, None)
    assert found["compute_per_second"] == 0.0
