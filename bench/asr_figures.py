"""The figures of one recogniser: word errors, word latency and compute, over all clips and by clip."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bench.corpus import Clip
from bench.distribution import percentiles_ms
from bench.metrics.compute import compute_per_second
from bench.metrics.word_error_rate import WordErrors, word_errors
from bench.recognition_run import RecognitionRun
from bench.word_latency import word_latencies
from streaming.items import Word


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """What came of one clip."""

    clip: Clip
    run: RecognitionRun
    latencies_s: tuple[float, ...]
    errors: WordErrors | None
    """None without a transcript"""


def clip_outcome(clip: Clip, run: RecognitionRun, spoken: Sequence[Word]) -> ClipOutcome:
    """`spoken`: the words of the offline alignment."""
    errors = word_errors(clip.transcript, run.text) if clip.transcript else None
    return ClipOutcome(clip, run, tuple(word_latencies(run.words, spoken)), errors)


def figures(outcomes: Sequence[ClipOutcome]) -> dict[str, Any]:
    """Over all clips. `wer` is null where no clip has a transcript, `compute_per_second` where it isn't known.

    Raises IndexError without clips.
    """
    seconds = sum(outcome.clip.seconds for outcome in outcomes)
    compute_s = sum(outcome.run.compute_s for outcome in outcomes)
    per_second = compute_per_second({"recognition": compute_s}, seconds)["all"]
    errors = sum((outcome.errors for outcome in outcomes if outcome.errors), WordErrors())
    return {
        "wer": round(errors.rate, 4) if errors.words else None,
        "word_latency_ms": latency_ms([late_s for outcome in outcomes for late_s in outcome.latencies_s]),
        "compute_per_second": None if math.isnan(per_second) else round(per_second, 3),
        "clips": len(outcomes),
        "seconds": round(seconds, 2),
    }


def clip_rows(outcomes: Sequence[ClipOutcome]) -> list[dict[str, Any]]:
    """One a clip: the same figures and the text."""
    return [
        {
            "clip": outcome.clip.name,
            **figures([outcome]),
            "text": outcome.run.text,
            "transcript": outcome.clip.transcript,
        }
        for outcome in outcomes
    ]


def latency_ms(latencies_s: Sequence[float]) -> dict[str, float | None]:
    """Percentiles, number and mean in ms; null without words."""
    mean = round(1000 * statistics.fmean(latencies_s)) if latencies_s else None
    return {**percentiles_ms(latencies_s), "mean": mean}
