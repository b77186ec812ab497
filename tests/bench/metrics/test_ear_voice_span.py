import pytest

from bench.events import BudgetChanged, ClauseHeard
from bench.metrics.ear_voice_span import ear_voice_spans


def clause(index: int, *, ends_s: float, heard_s: float, at_s: float) -> ClauseHeard:
    return ClauseHeard(
        index=index,
        text="so",
        source_start_s=ends_s - 1,
        source_end_s=ends_s,
        heard_s=heard_s,
        committed_s=heard_s,
        at_s=at_s,
        duration_s=2.0,
        told_span_s=0.0,
    )


EVENTS = [
    clause(0, ends_s=1.0, heard_s=2.0, at_s=2.5),
    BudgetChanged(1, "lag", 2.6),
    clause(1, ends_s=2.0, heard_s=3.0, at_s=5.5),
]


def test_a_span_is_from_the_end_of_a_clause_to_its_voice() -> None:
    assert ear_voice_spans(EVENTS) == pytest.approx([1.5, 3.5])


def test_ideally_a_clause_begins_when_heard_and_the_one_before_it_is_over() -> None:
    # The first plays 2-4, so the second, heard at 3, begins at 4.
    assert ear_voice_spans(EVENTS, ideal=True) == pytest.approx([1.0, 2.0])
