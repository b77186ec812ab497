"""The knee, on steps made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from bench.load_knee import BUDGET_MS, Knee, Step, Trouble, carried, figures, find_knee, too_much, verdict

BUDGET_S = BUDGET_MS / 1000
BUSY = Trouble(2, "busy", "the server is full")


def step(speakers: int, *spans_s: float, **seen: Any) -> Step:
    usual: dict[str, Any] = {"skipped": 0, "silent": 0, "refused": (), "failed": (), "cpu": 0.5, "rss_bytes": 1e9}
    return Step(speakers, spans_s or (2.0, 2.5), **(usual | seen))


def test_a_step_within_all_bounds_is_carried() -> None:
    assert too_much(step(1)) == ()


def test_a_p95_at_the_budget_is_carried_and_above_it_is_not() -> None:
    assert too_much(step(1, BUDGET_S)) == ()
    assert too_much(step(1, BUDGET_S + 0.1)) == ("p95 span 4100 ms is above 4000 ms",)


def test_one_late_clause_in_many_is_carried() -> None:
    assert too_much(step(1, *[2.0] * 40, 9.0)) == ()


def test_one_shed_clause_in_twenty_is_carried_and_one_more_is_not() -> None:
    assert too_much(step(1, *[2.0] * 19, skipped=1)) == ()
    assert too_much(step(1, *[2.0] * 18, skipped=2)) == ("10.0% of clauses shed, more than 5%",)


def test_a_refused_join_is_too_much_and_a_broken_session_is_not() -> None:
    assert too_much(step(2, refused=(BUSY,))) == ("a join was refused (busy)",)
    assert too_much(step(2, failed=(Trouble(1, "connection_lost", "gone"),))) == ()


def test_one_who_is_not_heard_is_not_carried_however_early_the_others_are() -> None:
    assert too_much(step(3, silent=1)) == ("nothing was heard of 1 speaker",)


def test_silence_has_no_share_of_shed_clauses() -> None:
    nothing = Step(3, (), 0, 3, (), (), None, None)
    assert too_much(nothing) == ("nothing was heard of 3 speakers",)
    assert nothing.shed is None


def test_all_clauses_shed_is_told_as_both() -> None:
    assert too_much(Step(3, (), 4, 3, (), (), None, None)) == (
        "nothing was heard of 3 speakers",
        "100.0% of clauses shed, more than 5%",
    )


def test_the_knee_is_the_first_step_that_is_too_much() -> None:
    steps = [step(1), step(2), step(3, 5.0), step(4, 2.0)]
    assert find_knee(steps) == Knee(3, ("p95 span 5000 ms is above 4000 ms",))
    assert carried(steps) == 2
    assert verdict(steps) == "carries 2 speakers; at 3 p95 span 5000 ms is above 4000 ms"


def test_without_a_knee_the_most_that_were_tried_are_carried() -> None:
    assert find_knee([step(1)]) is None
    assert verdict([step(1)]) == "carries 1 speaker, the most that were tried"


def test_a_first_speaker_who_is_too_much_leaves_none() -> None:
    assert verdict([step(1, refused=(BUSY,))]) == "carries 0 speakers; at 1 a join was refused (busy)"


def test_a_row_has_the_figures_of_its_step() -> None:
    row = figures(step(2, 1.0, 2.0, 3.0, skipped=1, refused=(BUSY,), cpu=1.23456, rss_bytes=1.5e9))
    assert row["ear_voice_span_ms"] == {"p50": 2000, "p95": 2900, "p99": 2980, "n": 3}
    assert (row["speakers"], row["clauses_skipped"], row["shed"]) == (2, 1, 0.25)
    assert row["refused"] == [{"speaker": 2, "code": "busy", "reason": "the server is full"}]
    assert (row["failed"], row["cpu"], row["rss_mb"]) == ([], pytest.approx(1.235), 1500)


def test_what_the_server_does_not_tell_is_null() -> None:
    row = figures(step(1, cpu=None, rss_bytes=None))
    assert (row["cpu"], row["rss_mb"]) == (None, None)
