"""The figures of a soak, worked by hand."""

from __future__ import annotations

import pytest

from bench.events import ClauseHeard, ClauseSkipped
from bench.memory_samples import MemorySample
from bench.soak_figures import Gap, figures, memory_trend, span_trend, waiting_gaps


def heard(at_s: float, *, committed_s: float, span_s: float = 2.0, duration_s: float = 1.0) -> ClauseHeard:
    end_s = at_s - span_s
    return ClauseHeard(0, "sim", end_s - 1, end_s, end_s, committed_s, at_s, duration_s, span_s)


def test_a_gap_counts_from_the_commitment_where_the_voice_was_silent_before() -> None:
    # The voice ends at 2 s, the next clause is committed at 3 s and heard at 8 s.
    clauses = [heard(1.0, committed_s=0.5), heard(8.0, committed_s=3.0)]
    assert waiting_gaps(clauses) == [Gap(3.0, 5.0)]


def test_a_gap_counts_from_the_silence_where_the_clause_waited_for_the_voice() -> None:
    # Committed at 1.5 s while the voice spoke up to 2 s.
    clauses = [heard(1.0, committed_s=0.5), heard(7.5, committed_s=1.5)]
    assert waiting_gaps(clauses) == [Gap(2.0, 5.5)]


def test_a_pause_of_the_speaker_is_no_gap() -> None:
    clauses = [heard(1.0, committed_s=0.5), heard(60.0, committed_s=58.0)]
    assert waiting_gaps(clauses) == []


def test_four_seconds_are_not_yet_a_gap() -> None:
    assert waiting_gaps([heard(5.0, committed_s=1.0)]) == []
    assert waiting_gaps([heard(5.5, committed_s=1.0)]) == [Gap(1.0, 4.5)]


def test_a_planted_lag_is_found_with_its_line() -> None:
    # 0.6 s more each minute of source, from 2 s on.
    clauses = [heard(end_s + 2 + end_s / 100, committed_s=end_s, span_s=2 + end_s / 100) for end_s in range(0, 600, 10)]
    trend = span_trend(clauses)
    assert trend is not None
    assert (trend.slope.s_per_min, trend.slope.low, trend.slope.high) == pytest.approx((0.6, 0.6, 0.6))
    assert (trend.at(0), trend.at(300)) == pytest.approx((2.0, 5.0))


def test_memory_slope_is_per_ten_minutes() -> None:
    memory = [MemorySample(float(at_s), 500 + at_s / 60) for at_s in range(0, 1200, 5)]  # 1 MB a minute
    slope = figures([], [], memory, lasted_s=1200)["summary"]["rss_slope_mb_per_10_min"]
    assert slope == {"slope": 10.0, "low": 10.0, "high": 10.0}


def test_memory_that_the_first_minutes_take_is_no_leak() -> None:
    memory = [MemorySample(float(at_s), 500 + min(300, at_s)) for at_s in range(0, 1200, 5)]
    trend = memory_trend(memory)
    assert trend is not None and trend.slope.s_per_min == pytest.approx(0)
    assert memory_trend(memory[:60]) is None  # all of it warm-up


def test_too_few_samples_have_no_slope() -> None:
    assert span_trend([heard(1.0, committed_s=0.5)]) is None
    assert memory_trend([]) is None


def test_drift_shows_in_the_bins() -> None:
    early = [heard(float(at_s), committed_s=at_s - 1.0, span_s=2.0) for at_s in (10, 20, 30)]
    late = [heard(310.0, committed_s=309.0, span_s=4.0), heard(320.0, committed_s=314.5, span_s=6.0)]
    skipped = [ClauseSkipped(5, "não", 300.0, 301.0, "late", 305.0)]
    memory = [MemorySample(5.0, 500.0), MemorySample(100.0, 502.0), MemorySample(305.0, 510.0)]
    bins = figures([*early, *late], skipped, memory, lasted_s=321.0)["bins"]
    assert bins == [
        {
            "from_min": 0,
            "clauses": 3,
            "span_ms": {"p50": 2000, "p95": 2000, "max": 2000},
            "gaps": 0,
            "clauses_skipped": 0,
            "rss_mb": 501,
        },
        {
            "from_min": 5,
            "clauses": 2,
            "span_ms": {"p50": 5000, "p95": 5900, "max": 6000},
            "gaps": 1,
            "clauses_skipped": 1,
            "rss_mb": 510,
        },
    ]


def test_five_minutes_without_a_clause_are_a_bin_too() -> None:
    bins = figures([heard(650.0, committed_s=649.0)], [], [], lasted_s=651.0)["bins"]
    assert [one["clauses"] for one in bins] == [0, 0, 1]
    assert bins[0]["span_ms"] == {"p50": None, "p95": None, "max": None}


def test_the_summary_counts_all() -> None:
    clauses = [heard(2.0, committed_s=1.0), heard(9.0, committed_s=3.5)]
    skipped = [ClauseSkipped(2, "não", 3.0, 4.0, "late", 5.0)]
    memory = [MemorySample(1.0, 500.0), MemorySample(6.0, 530.0), MemorySample(11.0, 520.0)]
    summary = figures(clauses, skipped, memory, lasted_s=11.0)["summary"]
    assert (summary["clauses"], summary["clauses_skipped"], summary["gaps"]) == (3, 1, 1)
    assert summary["longest_gap_s"] == 5.5
    assert summary["rss_mb"] == {"first": 500, "last": 520, "max": 530}
    assert summary["lag_slope_s_per_min"] is None
