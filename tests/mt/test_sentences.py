"""Cutting recognised words into sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.sentences import SentenceCutter, ends_sentence
from streaming.items import Word


def _words(text: str) -> list[Word]:
    return [Word(word, at, at + 1.0) for at, word in enumerate(text.split())]


def _sentences(text: str, chunks: list[int], *, pause: bool) -> list[str]:
    """The sentences of a text pushed in chunks of the given sizes."""
    cutter, words = SentenceCutter(), _words(text)
    sentences, opened = [], []
    while words:
        size = chunks[len(words) % len(chunks)]
        now, words = words[:size], words[size:]
        for piece in cutter.push(now, pause=pause and not words):
            opened.extend(word.text for word in piece.words)
            if piece.ends:
                sentences.append(" ".join(opened))
                opened = []
    return sentences


@pytest.mark.parametrize("word", ["go.", "3.5.", "so....?", "go?", "go!", 'go."', "2019.", "no.)", "yes!!"])
def test_final_punctuation_ends_a_sentence(word: str) -> None:
    assert ends_sentence(word)


@pytest.mark.parametrize(
    "word",
    ["Mr.", "Sra.", "U.S.", "J.", "p.m.", "3.5", "so...", "so…", "Tuesday,", "(Dr.", "-", "Ph.D.", "e.g.", "$3.50"],
)
def test_other_points_do_not(word: str) -> None:
    assert not ends_sentence(word)


def test_a_sentence_may_begin_in_lower_case_or_with_a_number() -> None:
    pieces = SentenceCutter().push(_words("It is 3.5 m. and so on. 7 of the U.S. states."))
    assert [len(piece.words) for piece in pieces if piece.ends] == [7, 5]


def test_two_sentences_in_one_push_are_two_pieces() -> None:
    pieces = SentenceCutter().push(_words("Yes. I know Mr. Smith. And"))
    assert [(len(piece.words), piece.ends) for piece in pieces] == [(1, True), (4, True), (1, False)]


def test_a_pause_ends_a_sentence_without_punctuation() -> None:
    assert [piece.ends for piece in SentenceCutter().push(_words("and then"), pause=True)] == [True]


def test_a_pause_without_new_words_ends_the_open_sentence() -> None:
    cutter = SentenceCutter()
    cutter.push(_words("and then"))
    assert [(piece.words, piece.ends) for piece in cutter.push((), pause=True)] == [((), True)]


def test_a_pause_after_a_complete_sentence_gives_nothing() -> None:
    cutter = SentenceCutter()
    cutter.push(_words("Done."))
    assert cutter.push((), pause=True) == []


def test_a_sentence_that_never_ends_is_cut() -> None:
    assert [len(s.split()) for s in _sentences("word " * 120, [7], pause=True)] == [50, 50, 20]


def test_a_long_sentence_is_cut_at_a_comma() -> None:
    assert [len(s.split()) for s in _sentences("word " * 43 + "word, " + "word " * 4, [5], pause=True)] == [44, 4]


@given(
    st.lists(st.sampled_from(["a", "b,", "c.", "Mr.", "d?", "e..."]), max_size=70),
    st.lists(st.integers(1, 9), min_size=1),
)
def test_any_chunking_gives_the_same_sentences(words: list[str], chunks: list[int]) -> None:
    text = " ".join(words)
    assert _sentences(text, chunks, pause=True) == _sentences(text, [1000], pause=True)
