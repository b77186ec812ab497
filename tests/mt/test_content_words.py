"""Which of a speaker's words carry content."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.content_words import content_words


@pytest.mark.parametrize(
    ("language", "spoken", "content"),
    [
        ("en", "We need to, uh, we need to move the, the meeting.", "We need to move the meeting."),
        ("en", "Um, I I think, er, so.", "I think, so."),
        ("en", "It is very, very good.", "It is very, very good."),
        ("en", "Dial 5 5 5 now.", "Dial 5 5 5 now."),
        ("en", "No. No, wait.", "No. No, wait."),
        ("en", "Go home. Go home now.", "Go home. Go home now."),
        ("pt", "É, é uma, uma casa.", "é uma casa."),
        ("pt", "Hum, eu vi um gato, um gato preto.", "eu vi um gato preto."),
        ("pt", "Um dia é pouco.", "Um dia é pouco."),
        ("xx", "um uh uh", "um uh"),
    ],
)
def test_fillers_and_repeats_go_and_the_rest_stays(language: str, spoken: str, content: str) -> None:
    assert content_words(spoken.split(), language) == content.split()


@given(st.lists(st.sampled_from(["we", "go", "uh", "very", "5", "the,", "-"]), max_size=12))
def test_what_is_left_has_only_words_that_were_said(words: list[str]) -> None:
    left = content_words(words, "en")
    assert len(left) <= len(words)
    assert set(left) <= set(words) - {"uh"}
