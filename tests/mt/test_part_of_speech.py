from __future__ import annotations

import pytest

from mt.part_of_speech import Place, may_stand_as
from mt.word_form import Feature
from streaming.glossary import Pos


def may(pos: Pos, context: str, *, lemma: str = "", feature: Feature = "base", language: str = "en") -> bool | None:
    """`context`: previous word or -, the word, and the following one, - for none, ? for not heard yet."""
    previous, word, following = context.split()
    after = {"-": "", "?": None}.get(following, following)
    place = Place(previous.strip("-"), word, after)
    return may_stand_as(pos, place, lemma=lemma or word, feature=feature, language=language)


@pytest.mark.parametrize(
    ("context", "noun", "verb"),
    [
        ("the lead was", True, False),
        ("to lead the", False, True),
        ("they lead the", False, True),
        ("can lead -", False, True),
        ("- lead is", True, False),
        ("- order the", False, True),
        ("purchase order number", True, False),
        ("teams lead projects", False, True),
        ("of course -", False, False),
        ("am fine -", False, False),
        ("the may -", True, False),
        ("we may go", False, True),
    ],
)
def test_english_homographs(context: str, noun: bool, verb: bool) -> None:
    assert may("noun", context) is noun
    assert may("verb", context) is verb


@pytest.mark.parametrize(
    ("context", "noun", "verb"),
    [
        ("a conta chegou", True, False),
        ("ela conta histórias", False, True),
        ("uma parte de", True, False),
        ("trem parte hoje", False, True),
        ("abrir conta nova", True, False),
        ("alunos são bons", False, False),
    ],
)
def test_portuguese_homographs(context: str, noun: bool, verb: bool) -> None:
    assert may("noun", context, language="pt") is noun
    assert may("verb", context, language="pt") is verb


def test_what_follows_is_asked_for_only_where_it_decides() -> None:
    assert may("noun", "the lead ?") is True
    assert may("noun", "- lead ?") is None


def test_a_past_form_is_not_spelt_like_the_noun() -> None:
    assert may("verb", "the charged battery", lemma="charge", feature="past")
    assert not may("verb", "the charge -", lemma="charge")


@pytest.mark.parametrize(
    ("context", "fits"), [("the latency -", True), ("with latency -", True), ("we latency -", False)]
)
def test_other_words_are_refused_only_where_they_can_not_stand(context: str, fits: bool) -> None:
    assert may("noun", context) is fits


def test_a_language_without_rules_refuses_nothing() -> None:
    assert may("noun", "zu Blei -", language="de")
