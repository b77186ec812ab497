"""Percentiles, worked by hand."""

from __future__ import annotations

from bench.distribution import percentiles_ms


def test_percentiles_lie_linearly_between_samples() -> None:
    # 0 to 1 s in steps of 0.1: rank 0.95 * 10 = 9.5, halfway between 0.9 and 1.0
    assert percentiles_ms([step / 10 for step in range(11)]) == {"p50": 500, "p95": 950, "p99": 990, "n": 11}


def test_the_order_of_the_samples_is_of_no_matter() -> None:
    assert percentiles_ms([3.0, 1.0, 2.0])["p50"] == 2000


def test_one_sample_is_all_percentiles() -> None:
    assert percentiles_ms([1.2345]) == {"p50": 1234, "p95": 1234, "p99": 1234, "n": 1}


def test_no_sample_has_no_percentiles() -> None:
    assert percentiles_ms([]) == {"p50": None, "p95": None, "p99": None, "n": 0}
