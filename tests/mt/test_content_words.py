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
        ("en", "He is in the ER, er, now.", "He is in the ER, now."),
        ("en", "It is 5 mm thick.", "It is 5 mm thick."),
        ("en", "Call five five five.", "Call five five five."),
        ("en", "No, no, that is that.", "No, no, that is that."),
        ("pt", "É bom.", "É bom."),
        ("pt", "É, bom dia.", "bom dia."),
        ("pt", "Isso é, de fato, bom.", "Isso é, de fato, bom."),
        ("pt", "Eu fui, é, ontem.", "Eu fui, ontem."),
        ("pt", "Isso que é.", "Isso que é."),
        ("pt", "Está no, no lugar, né?", "Está no lugar, né?"),
        ("pt", "Né, não é?", "Né, não é?"),
        ("pt", "É um, um gato.", "É um gato."),
        ("pt", "Não, não, já já.", "Não, não, já já."),
        ("pt", "Ah, eh, a casa é, a casa é azul.", "Ah, a casa é azul."),
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
