"""What is skipped: what comes too late, within a credit, and the rest of a torn sentence."""

from __future__ import annotations

import pytest

from streaming.budget import Knobs
from streaming.items import Clause
from streaming.skipping import CREDIT_CHARACTERS, CREDIT_SHARE, HOPELESS, Skipping
from streaming.trace import CaptureLog

LATEST_S = 4.0
LONG = "x" * int(CREDIT_CHARACTERS)


def clause(index: int, text: str = "abc", *, sentence_end: bool = True) -> Clause:
    return Clause(index, "pt", text, 0.0, 1.0, 0.0, sentence_end)


def skipping(latest_s: float = LATEST_S) -> Skipping:
    captures = CaptureLog()
    captures.push(100.0, 100.0)
    return Skipping(captures, lambda: Knobs(latest_span_s=latest_s))


def test_what_comes_in_time_is_spoken() -> None:
    assert skipping().reason(clause(0), 1.0 + LATEST_S, more_waits=True) is None


def test_what_would_be_too_late_is_skipped_and_it_is_said_how_late() -> None:
    assert skipping().reason(clause(0), 6.2, more_waits=False) == "skipped to catch up: it would be 5.2 s behind"


def test_nothing_is_too_late_where_the_budget_does_not_ask() -> None:
    assert skipping(float("inf")).reason(clause(0), 60.0, more_waits=True) is None


def test_the_rest_of_a_skipped_sentence_goes_too_where_more_waits() -> None:
    skips = skipping()
    assert skips.reason(clause(0, sentence_end=False), 6.2, more_waits=True)
    assert skips.reason(clause(1), 2.0, more_waits=True) == "skipped with the beginning of its sentence"
    assert skips.reason(clause(2), 2.0, more_waits=True) is None


def test_the_last_that_waits_is_spoken_though_its_sentence_has_no_beginning() -> None:
    skips = skipping()
    assert skips.reason(clause(0, sentence_end=False), 6.2, more_waits=True)
    assert skips.reason(clause(1), 2.0, more_waits=False) is None


def test_without_credit_a_clause_is_spoken_late() -> None:
    skips = skipping()
    assert skips.reason(clause(0, LONG), 6.2, more_waits=False)
    assert skips.reason(clause(1), 6.2, more_waits=False) is None


def test_without_credit_what_is_hopeless_goes_where_more_waits() -> None:
    skips = skipping()
    assert skips.reason(clause(0, LONG), 6.2, more_waits=True)
    begins_at_s = 1.0 + HOPELESS * LATEST_S
    assert skips.reason(clause(1), begins_at_s, more_waits=True) is None
    assert skips.reason(clause(1), begins_at_s + 0.1, more_waits=True)


def test_what_is_spoken_earns_credit() -> None:
    skips = skipping()
    assert skips.reason(clause(0, LONG), 6.2, more_waits=False)
    skips.spoke(clause(1, "x" * 100))
    earned = int(100 * CREDIT_SHARE)
    assert skips.reason(clause(2, "x" * (earned + 1)), 6.2, more_waits=False) is None
    assert skips.reason(clause(2, "x" * earned), 6.2, more_waits=False)


@pytest.mark.parametrize("spoken", [10, 1000])
def test_credit_is_bounded(spoken: int) -> None:
    skips = skipping()
    for index in range(spoken):
        skips.spoke(clause(index, "x" * 100))
    assert skips.reason(clause(0, LONG + "x"), 5.1, more_waits=False) is None
