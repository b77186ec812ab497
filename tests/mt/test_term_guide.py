"""Which tokens a glossary's terms favour, on a vocabulary of one letter a token: capitals begin a word."""

from __future__ import annotations

import numpy as np
import pytest

from mt.term_guide import TermGuide

LETTERS = "ABCDabcd"
STARTS = np.array([letter.isupper() for letter in LETTERS])


def favoured(terms: list[str], written: str) -> dict[str, float]:
    def tokens(text: str) -> list[int]:
        return [LETTERS.index(letter) for letter in text]

    logits = np.zeros(len(LETTERS), np.float32)
    TermGuide([tokens(term) for term in terms], STARTS).favour(logits, tokens(written))
    return {letter: float(value) for letter, value in zip(LETTERS, logits, strict=True) if value}


def test_without_terms_nothing_changes() -> None:
    assert favoured([], "Ab") == {}


def test_a_term_may_begin_and_then_goes_on_the_more() -> None:
    begins, goes_on, next_word = (favoured(["AbCd"], written) for written in ("", "BaA", "DAb"))
    assert [*begins] == ["A"] and [*goes_on] == ["b"] and [*next_word] == ["C"]
    assert begins["A"] < goes_on["b"] < next_word["C"]


def test_a_term_that_is_written_is_favoured_no_more() -> None:
    assert favoured(["Ab"], "CAbD") == {}


def test_a_term_that_stands_twice_in_the_source_is_wanted_twice() -> None:
    assert [*favoured(["Ab", "Ab"], "CAbD")] == ["A"]
    assert favoured(["Ab", "Ab"], "AbAb") == {}


def test_two_terms_that_begin_alike_are_not_favoured_twice_as_much() -> None:
    assert favoured(["Ab", "Ac"], "") == favoured(["Ab"], "")


@pytest.mark.parametrize(("written", "then"), [("A", "b"), ("AbCA", "b"), ("AbC", "A")])
def test_only_what_the_target_ends_with_counts_as_begun(written: str, then: str) -> None:
    assert [*favoured(["AbD"], written)] == [then]
