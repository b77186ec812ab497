"""The latency budget: prediction, ladder, hysteresis, dwell."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.budget import PRESETS, BudgetConfig, LatencyBudget, Preset, predict_span_s
from streaming.items import BudgetChanged, Clause
from streaming.trace import CaptureLog


def clause(source_end_s: float, text: str = "abc") -> Clause:
    return Clause(0, "pt", text, 0.0, source_end_s, 0.0, False)


def captures() -> CaptureLog:
    log = CaptureLog()
    log.push(100.0, 100.0)
    return log


def levels(spans: list[float], *, every_s: float = 0.25) -> list[int]:
    budget = LatencyBudget(BudgetConfig(p95_s=4.0))
    seen = []
    for index, span in enumerate(spans):
        budget.observe(span, index * every_s)
        seen.append(budget.level)
    return seen


def test_the_clause_that_will_be_latest_is_predicted() -> None:
    schedule = [(clause(9.0), 1.0), (clause(9.5), 3.0), (clause(11.0), 4.0)]
    assert predict_span_s(12.0, schedule, captures()) == 5.5


def test_nothing_waiting_predicts_nothing() -> None:
    assert predict_span_s(12.0, [], captures()) == 0.0


def test_a_small_span_changes_nothing() -> None:
    assert set(levels([1.9] * 40)) == {0}


def test_above_half_of_the_budget_only_the_voice_is_faster() -> None:
    budget = LatencyBudget(BudgetConfig(p95_s=4.0))
    calm = budget.knobs()
    budget.observe(2.1, 0.0)
    assert budget.knobs() == replace(calm, tempo=1.15)


def test_what_loses_no_word_comes_at_once_and_what_does_one_level_at_a_time() -> None:
    seen = [level for level, _ in itertools.groupby(levels([20.0] * 60))]
    assert seen == [4, 5, 6]


def test_a_gentle_excess_climbs_as_far_as_it_asks() -> None:
    assert levels([3.5] * 4)[-1] == 2


def test_a_span_within_the_hysteresis_keeps_the_level() -> None:
    assert levels([3.1] * 4 + [2.9] * 60)[-1] == 1


def test_it_recovers_to_full_quality() -> None:
    assert levels([20.0] * 40 + [1.0] * 80)[-1] == 0


def test_each_change_says_why_in_words() -> None:
    change = LatencyBudget(BudgetConfig()).observe(3.2, 0.0)
    assert isinstance(change, BudgetChanged)
    assert change.reason == "speaking 15 % faster: 3.2 s behind"


def test_the_way_down_is_told_as_such() -> None:
    budget = LatencyBudget(BudgetConfig())
    budget.observe(3.2, 0.0)
    change = budget.observe(1.0, 10.0)
    assert change is not None and change.reason == "back to full quality: 1.0 s behind"


def test_without_a_budget_nothing_is_done() -> None:
    budget = LatencyBudget(BudgetConfig(p95_s=float("inf")))
    assert budget.observe(100.0, 0.0) is None


@pytest.mark.parametrize("preset", PRESETS)
def test_each_preset_translates_earlier_under_load_and_never_later(preset: Preset) -> None:
    config = PRESETS[preset]
    budget = LatencyBudget(config)
    budget.observe(0.92 * config.p95_s, 0.0)
    assert budget.level == 3
    assert budget.knobs().k < config.knobs.k
    assert budget.knobs().clause_wait_s <= config.knobs.clause_wait_s


def test_what_would_be_later_than_the_budget_may_be_skipped_only_above_the_lossless_levels() -> None:
    budget = LatencyBudget(BudgetConfig(p95_s=4.0))
    budget.observe(20.0, 0.0)
    assert budget.knobs().latest_span_s == float("inf")
    budget.observe(20.0, 1.0)
    assert budget.knobs().latest_span_s == 4.0


@given(st.lists(st.floats(0, 30), max_size=200))
def test_knobs_always_stay_within_their_bounds(spans: list[float]) -> None:
    budget = LatencyBudget(BudgetConfig())
    for index, span in enumerate(spans):
        budget.observe(span, index * 0.25)
        assert 1.0 <= budget.knobs().tempo <= 1.25
        assert budget.knobs().k >= 1
        assert 0 <= budget.level <= 6
