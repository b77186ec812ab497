"""Committed words held against an offline alignment."""

from __future__ import annotations

import pytest

from bench.word_latency import CommittedWord, matched_ends, word_latencies
from streaming.items import Word

SPOKEN = [Word("Good", 0.0, 0.5), Word("old", 0.5, 0.9), Word("days.", 0.9, 1.5)]


def test_a_word_counts_from_the_end_that_the_alignment_gives() -> None:
    assert word_latencies([CommittedWord(Word("good,", 0.0, 0.4), 2.0)], SPOKEN) == [1.5]


def test_a_substituted_word_counts_from_its_own_end() -> None:
    committed = [CommittedWord(Word("gold", 0.0, 0.6), 2.0), CommittedWord(Word("days", 1.0, 1.4), 2.0)]
    assert word_latencies(committed, [SPOKEN[0], SPOKEN[2]]) == pytest.approx([1.4, 0.5])


def test_an_inserted_word_matches_nothing() -> None:
    assert matched_ends(["Good", "very", "old", "days"], SPOKEN) == [0.5, None, 0.9, 1.5]


def test_a_word_that_was_left_out_moves_no_other() -> None:
    assert matched_ends(["good", "days"], SPOKEN) == [0.5, 1.5]


def test_a_hyphenated_word_is_one_word() -> None:
    assert matched_ends(["Well-known"], [Word("well-known,", 0.0, 0.7)]) == [0.7]


def test_without_an_alignment_nothing_matches() -> None:
    assert matched_ends(["good"], []) == [None]
