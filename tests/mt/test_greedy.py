"""Greedy decoding word by word, on a vocabulary of one letter a token: capitals begin a word."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.greedy import EMPTY_TARGET, Goal, GreedyTarget, TargetState, loop_tokens
from mt.term_guide import TermGuide

LETTERS = "$?ABCDabcd.,"
EMPTY = np.zeros((2, 3), np.float32)


class Letters:
    end = 0
    unknown = 1
    starts_word = np.array([letter.isupper() for letter in LETTERS])
    ends_sentence = np.array([letter == "." for letter in LETTERS])


def _tokens(text: str) -> tuple[int, ...]:
    return tuple(LETTERS.index(letter) for letter in text)


def _text(tokens: tuple[int, ...]) -> str:
    return "".join(LETTERS[token] for token in tokens)


def _decode(
    wishes: str,
    goal: Goal,
    start: TargetState = EMPTY_TARGET,
    *,
    second: str = "$",
    terms: Sequence[Sequence[int]] = (),
) -> GreedyTarget:
    """Decodes with a model that wishes for these letters one after another, and for `second` next to each."""
    guide = TermGuide(terms, Letters.starts_word)
    target = GreedyTarget(Letters(), start, goal, source_length=10, empty=EMPTY, guide=guide)
    for step, wish in enumerate(wishes):
        if target.done:
            break
        logits = np.zeros(len(LETTERS), np.float32)
        logits[LETTERS.index(second)] = 1
        logits[LETTERS.index(wish)] = 9
        target.advance(logits, np.full((2, 3), step + 1, np.float32))
    return target


def _goal(*, final: bool = False, words: int = 0, tentative: int = 0, due: int = 0) -> Goal:
    return Goal(final, words, tentative, due)


def test_a_word_is_committed_when_the_next_one_begins() -> None:
    target = _decode("AbCdAb", _goal(words=1))
    assert target.done and _text(target.committed.tokens) == "Ab"


def test_the_cells_to_go_on_from_are_those_before_the_last_token() -> None:
    target = _decode("AbCd", _goal(words=1))
    assert target.committed.cells is not None and target.committed.cells.flat[0] == 2


def test_a_read_commits_the_word_before_it() -> None:
    target = _decode("AbCd$", _goal(words=5))
    assert target.done and _text(target.committed.tokens) == "AbCd"


def test_a_read_commits_no_more_than_allowed() -> None:
    target = _decode("AbCd$", _goal(words=1, tentative=3))
    assert _text(target.committed.tokens) == "Ab" and _text(tuple(target.tentative)) == "Cd"


def test_a_word_that_is_due_is_written_where_the_model_would_read() -> None:
    target = _decode("Ab$$", _goal(words=2, due=2), second="C")
    assert target.done and _text(target.committed.tokens) == "AbC"


def test_a_word_that_is_due_closes_no_sentence() -> None:
    target = _decode("Ab.$", _goal(words=2, due=2), second="C")
    assert _text(target.committed.tokens) == "AbC"


def test_a_doubtful_read_is_none() -> None:
    logits = np.full(len(LETTERS), -9, np.float32)
    logits[LETTERS.index("$")], logits[LETTERS.index("A")] = 1.0, 1.2
    for read_above, written in ((0.4, ""), (0.5, "A")):
        goal = Goal(final=False, words=1, tentative_words=0, read_above=read_above)
        guide = TermGuide((), Letters.starts_word)
        target = GreedyTarget(Letters(), EMPTY_TARGET, goal, source_length=10, empty=EMPTY, guide=guide)
        target.advance(logits.copy(), EMPTY)
        assert _text(tuple(target.tokens)) == written


def test_an_end_after_a_final_mark_in_an_unfinished_source_commits_no_open_word() -> None:
    target = _decode("AbCd.$", _goal(words=5, tentative=3))
    assert target.done and _text(target.committed.tokens) == "Ab" and _text(tuple(target.tentative)) == "Cd."


def test_a_final_source_is_translated_to_its_end() -> None:
    assert _text(_decode("AbCd.$", _goal(final=True)).committed.tokens) == "AbCd."


def test_the_tentative_continuation_is_as_long_as_asked() -> None:
    target = _decode("AaBbCcDdAa", _goal(words=1, tentative=2))
    assert _text(target.committed.tokens) == "Aa" and _text(tuple(target.tentative)) == "BbCc"


def test_nothing_asked_for_is_done_at_once() -> None:
    assert _decode("", _goal()).done


def test_a_committed_word_is_never_continued() -> None:
    target = _decode("b$", _goal(final=True), TargetState(_tokens("A"), EMPTY), second="C")
    assert _text(target.committed.tokens) == "AC"


@pytest.mark.parametrize("mark", ["$", "."])
def test_a_final_mark_after_a_committed_word_ends_the_sentence(mark: str) -> None:
    target = _decode(mark, _goal(final=True), TargetState(_tokens("Ab"), EMPTY), second="C")
    assert target.done and _text(target.committed.tokens) == "Ab"


def test_a_token_that_may_not_be_written_never_is() -> None:
    assert _text(_decode("A?$", _goal(final=True), second="b").committed.tokens) == "Ab"


def test_a_loop_is_left_after_three_copies() -> None:
    target = _decode("AbAbAbAb$", _goal(final=True), second="C")
    assert _text(target.committed.tokens) == "AbAbAbAC"


def test_a_target_far_longer_than_its_source_is_ended() -> None:
    target = _decode("ABCDABDCACBDBACD" * 10, _goal(final=True), second="d")
    assert target.done and len(target.committed.tokens) == 33


@given(st.lists(st.integers(0, 2), max_size=40))
def test_a_target_that_heeds_the_ban_never_holds_four_copies(wishes: list[int]) -> None:
    tokens: list[int] = []
    for wish in wishes:
        banned = loop_tokens(tokens)
        tokens.append(next(token for token in (wish, *range(9)) if token not in banned))
    text = "".join(map(str, tokens))
    assert not any(text[i : i + n] * 4 in text for n in range(1, 9) for i in range(len(text) - n + 1))


def test_a_term_does_not_replace_a_word_of_which_the_model_is_sure() -> None:
    assert _text(_decode("AbBc.$", _goal(final=True), terms=[_tokens("Da")]).committed.tokens) == "AbBc."


def test_a_term_of_two_words_is_gone_on_with_once_the_first_is_written() -> None:
    assert _text(_decode("AbBd.$", _goal(final=True), terms=[_tokens("AbCd")]).committed.tokens) == "AbCd."
