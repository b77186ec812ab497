"""What all clips share is certain, what goes both ways is not."""

from __future__ import annotations

import numpy as np
import pytest

from bench.paired_bootstrap import paired_bootstrap


def test_a_difference_that_all_clips_have_is_certain() -> None:
    difference = paired_bootstrap([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert (difference.mean, difference.low, difference.high) == (1, 1, 1)
    assert (difference.rises, difference.falls) == (1, 0)


def test_a_difference_that_goes_both_ways_is_none() -> None:
    difference = paired_bootstrap([0.0] * 10, [1.0, -1.0] * 5)
    assert difference.low < 0 < difference.high
    assert difference.rises == pytest.approx(difference.falls, abs=0.1)


def test_equal_samples_neither_rise_nor_fall() -> None:
    difference = paired_bootstrap([2.0, 5.0], [2.0, 5.0])
    assert (difference.mean, difference.rises, difference.falls) == (0, 0, 0)


def test_the_interval_is_about_two_standard_errors_wide() -> None:
    b = np.random.default_rng(7).normal(0.0, 1.0, 400)
    difference = paired_bootstrap([0.0] * 400, list(b))
    assert difference.high - difference.low == pytest.approx(2 * 1.96 / 20, rel=0.15)


def test_pairing_takes_out_what_makes_clips_hard() -> None:
    difference = paired_bootstrap([1.0, 100.0, 1000.0], [0.9, 99.9, 999.9])
    assert difference.falls == 1


def test_the_same_samples_give_the_same_interval() -> None:
    a, b = [1.0, 2.0, 4.0], [2.0, 1.0, 7.0]
    assert paired_bootstrap(a, b) == paired_bootstrap(a, b)


@pytest.mark.parametrize(("a", "b"), [([1.0], [1.0, 2.0]), ([], [])])
def test_samples_without_partners_are_refused(a: list[float], b: list[float]) -> None:
    with pytest.raises(ValueError, match="same clips"):
        paired_bootstrap(a, b)
