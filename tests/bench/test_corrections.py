"""What counts as a correction kept."""

from __future__ import annotations

import pytest

from bench.corrections import Correction, Outcome, occurs, outcome, outcome_by_gap

TUESDAY = Correction("on tuesday no thursday", "on thursday", 1, 2, ("quinta",), ("terça",))
TEN = Correction("ten twelve", "twelve", 1, 1, ("doze", "12"), ("dez", "10"))


def test_a_correction_is_right_where_it_is_kept_and_what_it_corrects_is_gone() -> None:
    assert outcome([TUESDAY, TEN], ["Na quinta-feira.", "Às 12."]) == Outcome(2, kept=1.0, right=1.0)


def test_a_correction_beside_what_it_corrects_is_kept_and_not_right() -> None:
    assert outcome([TUESDAY], ["Na terça, não, na quinta."]) == Outcome(1, kept=1.0, right=0.0)


def test_a_translation_of_neither_is_not_kept() -> None:
    assert outcome([TUESDAY], ["Na sexta."]) == Outcome(1, kept=0.0, right=0.0)


def test_outcomes_are_told_apart_by_the_gap() -> None:
    assert {gap: found.kept for gap, found in outcome_by_gap([TUESDAY, TEN], ["Na terça.", "Às doze."]).items()} == {
        1: 1.0,
        2: 0.0,
    }


@pytest.mark.parametrize(
    ("form", "text", "is_there"),
    [("quinta", "Quinta-feira", True), ("dez", "dezoito", False), ("13", "13,000", True), ("a b", "A b.", True)],
)
def test_forms_are_found_as_whole_words_whatever_their_case(form: str, text: str, is_there: bool) -> None:
    assert occurs(form, text) is is_there
