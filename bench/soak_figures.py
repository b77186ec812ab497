"""Whether lag or memory grow over hours of speech in one session, and where the voice kept its listener waiting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import ceil
from typing import Any

import numpy as np

from bench.distribution import percentiles_ms
from bench.events import ClauseHeard, ClauseSkipped
from bench.memory_samples import MemorySample
from bench.metrics.lag_slope import LagSlope, lag_slope

BIN_S = 300
GAP_S = 4.0
"""a listener takes a longer silence for a fault: the latency budget's p95"""
WARM_UP_S = 300.0
"""of a process: buffers that are filled once, by the first input of each length, are no leak"""


@dataclass(frozen=True, slots=True)
class Gap:
    """The voice was silent while it had something to say."""

    at_s: float
    """where it began to owe"""
    seconds: float


@dataclass(frozen=True, slots=True)
class Trend:
    """A straight line by least squares."""

    slope: LagSlope
    """per minute, in the unit of what is measured"""
    middle_s: float
    level: float
    """at `middle_s`: the means, which the line passes through"""

    def at(self, at_s: float) -> float:
        return self.level + self.slope.s_per_min * (at_s - self.middle_s) / 60


def span_s(clause: ClauseHeard) -> float:
    """Ear-voice span, as the listener has it."""
    return clause.at_s - clause.source_end_s


def waiting_gaps(heard: Sequence[ClauseHeard]) -> list[Gap]:
    """Silences longer than `GAP_S`, each counted from the moment when the voice was silent and the next clause's last
    word was committed: the speaker's own pauses are none. `heard`: in the order of hearing.
    """
    gaps, quiet_from_s = [], 0.0
    for clause in heard:
        owed_from_s = max(quiet_from_s, clause.committed_s)
        if clause.at_s - owed_from_s > GAP_S:
            gaps.append(Gap(owed_from_s, clause.at_s - owed_from_s))
        quiet_from_s = max(quiet_from_s, clause.at_s + clause.duration_s)
    return gaps


def span_trend(heard: Sequence[ClauseHeard]) -> Trend | None:
    """Of the spans, each at its source's end; None where there are too few for a slope."""
    return trend([clause.source_end_s for clause in heard], [span_s(clause) for clause in heard])


def memory_trend(memory: Sequence[MemorySample]) -> Trend | None:
    """From the end of the warm-up on; None where there are too few for a slope."""
    warm = [sample for sample in memory if sample.at_s >= WARM_UP_S]
    return trend([sample.at_s for sample in warm], [sample.rss_mb for sample in warm])


def figures(
    heard: Sequence[ClauseHeard], skipped: Sequence[ClauseSkipped], memory: Sequence[MemorySample], *, lasted_s: float
) -> dict[str, Any]:
    """The summary, the gaps, and the figures of every five minutes. `lasted_s`: on the clip's clock."""
    gaps = waiting_gaps(heard)
    rss_mb = [sample.rss_mb for sample in memory]
    return {
        "summary": {
            "seconds": round(lasted_s, 1),
            "clauses": len(heard) + len(skipped),
            "clauses_skipped": len(skipped),
            "ear_voice_span_ms": percentiles_ms([span_s(clause) for clause in heard]),
            "lag_slope_s_per_min": rounded(span_trend(heard), 1, digits=4),
            "rss_slope_mb_per_10_min": rounded(memory_trend(memory), 10, digits=2),
            "rss_mb": {"first": round(rss_mb[0]), "last": round(rss_mb[-1]), "max": round(max(rss_mb))}
            if rss_mb
            else None,
            "gaps": len(gaps),
            "longest_gap_s": round(max((gap.seconds for gap in gaps), default=0.0), 2),
        },
        "gaps": [{name: round(value, 2) for name, value in asdict(gap).items()} for gap in gaps],
        "bins": [_bin(begin_s, heard, skipped, gaps, memory) for begin_s in range(0, ceil(lasted_s), BIN_S)],
    }


def _bin(
    begin_s: int,
    heard: Sequence[ClauseHeard],
    skipped: Sequence[ClauseSkipped],
    gaps: Sequence[Gap],
    memory: Sequence[MemorySample],
) -> dict[str, Any]:
    """What was heard, left out, waited for and read in the five minutes from `begin_s` on."""

    def within(at_s: float) -> bool:
        return begin_s <= at_s < begin_s + BIN_S

    spans_s = [span_s(clause) for clause in heard if within(clause.at_s)]
    rss_mb = [sample.rss_mb for sample in memory if within(sample.at_s)]
    span = percentiles_ms(spans_s)
    return {
        "from_min": begin_s // 60,
        "clauses": len(spans_s),
        "span_ms": {"p50": span["p50"], "p95": span["p95"], "max": round(1000 * max(spans_s)) if spans_s else None},
        "gaps": sum(within(gap.at_s) for gap in gaps),
        "clauses_skipped": sum(within(clause.at_s) for clause in skipped),
        "rss_mb": round(float(np.median(rss_mb))) if rss_mb else None,
    }


def trend(at_s: Sequence[float], values: Sequence[float]) -> Trend | None:
    """None where there are too few for a slope."""
    slope = lag_slope(at_s, values)
    return None if slope is None else Trend(slope, float(np.mean(at_s)), float(np.mean(values)))


def rounded(line: Trend | None, minutes: int, *, digits: int) -> dict[str, float] | None:
    """The slope over so many minutes, with its 95 % confidence interval."""
    if line is None:
        return None
    slope = line.slope
    per_minute = {"slope": slope.s_per_min, "low": slope.low, "high": slope.high}
    return {name: round(minutes * value, digits) for name, value in per_minute.items()}
