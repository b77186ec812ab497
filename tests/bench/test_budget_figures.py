"""Figures of a run under overload, from events written by hand."""

from __future__ import annotations

import pytest

from bench.budget_figures import BudgetRun, figures
from bench.events import BudgetChanged, ClauseHeard, ClauseSkipped
from bench.overload import PHASES, begins_s

SECONDS = 100.0


def heard(source_end_s: float, span_s: float, text: str = "abcd") -> ClauseHeard:
    at_s = source_end_s + span_s
    return ClauseHeard(0, text, source_end_s - 1, source_end_s, source_end_s, at_s - 1, at_s, 1.0, span_s)


def skipped(source_end_s: float, text: str = "abcd") -> ClauseSkipped:
    return ClauseSkipped(0, text, source_end_s - 1, source_end_s, "skipped to catch up", source_end_s + 5)


def run(*events: ClauseHeard | ClauseSkipped | BudgetChanged) -> BudgetRun:
    made = BudgetRun(enforced=True)
    for event in events:
        made.take(event)
    return made


def test_the_phases_fill_the_run() -> None:
    edges = begins_s(SECONDS)
    assert edges[0] == 0 and edges[-1] == pytest.approx(SECONDS)
    assert sum(phase.share for phase in PHASES) == pytest.approx(1)
    assert PHASES[0].is_calm and PHASES[-1].is_calm


def test_a_clause_counts_in_the_phase_in_which_it_was_said() -> None:
    found = figures(run(heard(10, 2), heard(20, 3), heard(39, 30), skipped(50)), SECONDS, 4.0)
    assert [phase["clauses"] for phase in found["phases"]] == [1, 2, 1, 0, 0]
    assert [phase["within_budget"] for phase in found["phases"]] == [1.0, 0.5, None, None, None]


def test_what_was_spoken_counts_by_its_length() -> None:
    found = figures(run(heard(1, 2, "abcdef"), skipped(2, "ab")), SECONDS, 4.0)
    assert found["spoken"] == 0.75 and found["clauses"] == 2


def test_recovery_is_counted_from_the_end_of_the_load() -> None:
    changes = [BudgetChanged(1, "", 60), BudgetChanged(2, "", 70), BudgetChanged(1, "", 88), BudgetChanged(0, "", 92)]
    found = figures(run(*changes), SECONDS, 4.0)
    assert found["recovered_s"] == 7.0
    assert [phase["highest_level"] for phase in found["phases"]] == [0, 0, 1, 2, 2]


def test_who_never_climbed_has_recovered_at_once_and_who_stays_up_never() -> None:
    assert figures(run(), SECONDS, 4.0)["recovered_s"] == 0.0
    assert figures(run(BudgetChanged(3, "", 80)), SECONDS, 4.0)["recovered_s"] is None
