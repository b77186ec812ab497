"""When a word of a growing text counts as committed."""

from __future__ import annotations

from bench.peers.final_words import FinalWords
from streaming.items import Word


def _words(text: str) -> list[Word]:
    return [Word(one, 0.0, 1.0) for one in text.split()]


def _committed(*accounts: tuple[str, float]) -> list[tuple[str, float]]:
    words = FinalWords()
    for text, at_s in accounts:
        words.update(_words(text), at_s)
    return [(one.word.text, one.at_s) for one in words.committed]


def test_a_line_that_grows_counts_each_word_once() -> None:
    assert _committed(("Printing", 1.0), ("Printing in the", 2.0), ("Printing in the", 3.0)) == [
        ("Printing", 1.0),
        ("in", 2.0),
        ("the", 2.0),
    ]


def test_a_word_said_twice_is_two_words() -> None:
    assert _committed(("no", 1.0), ("no no", 2.0)) == [("no", 1.0), ("no", 2.0)]


def test_a_final_word_that_changes_counts_from_its_change_and_its_neighbours_do_not() -> None:
    assert _committed(("from wood blocks", 1.0), ("from woodcut blocks engraved", 2.0)) == [
        ("from", 1.0),
        ("woodcut", 2.0),
        ("blocks", 1.0),
        ("engraved", 2.0),
    ]


def test_a_final_word_that_is_taken_back_does_not_count() -> None:
    assert _committed(("in the", 1.0), ("in", 2.0)) == [("in", 1.0)]
