"""All inflected forms of a term: which of its words inflect, in a language that has rules for it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from mt import english_inflection, portuguese_conjugation, portuguese_inflection
from mt.word_form import Feature, Form
from streaming.glossary import Pos

Phrase = tuple[str, ...]
"""words in lower case"""

_HEAD_ENDS_BEFORE = {
    "en": frozenset({"of", "for", "in", "at", "on", "to", "with", "from", "by", "and", "per"}),
    "pt": frozenset(
        {
            "de",
            "do",
            "da",
            "dos",
            "das",
            "em",
            "no",
            "na",
            "a",
            "à",
            "ao",
            "para",
            "por",
            "pelo",
            "com",
            "sem",
            "e",
            "entre",
        }
    ),
}
"""a noun phrase's head goes up to the first of these: points of sale, lagos de dados"""
_NEVER_INFLECTED = frozenset({"quase", "não", "mais", "menos", "recém"})
_FREE_WORDS = 3
"""words of a head whose forms are combined freely; the others take their usual ones, so that no term has thousands"""


def inflect(phrase: Phrase, pos: Pos, language: str) -> Iterator[tuple[Feature, Phrase]]:
    """Each form with its feature, the usual one of a feature first; one may come more than once.

    Names, and terms in a language without rules here, have their dictionary form alone.
    """
    yield "base", phrase
    match language, pos:
        case "en", "noun":
            yield from _head_alone(phrase, language)
        case "en", "verb":
            yield from _first_word(phrase, english_inflection.verb_forms)
        case "pt", "noun":
            yield from _all_to_head(phrase, language, portuguese_inflection.noun_forms)
        case "pt", "adj":
            yield from _all_to_head(phrase, language, portuguese_inflection.adjective_forms)
        case "pt", "verb":
            yield from _first_word(phrase, portuguese_conjugation.verb_forms)


def _first_word(phrase: Phrase, forms: Callable[[str], Iterator[Form]]) -> Iterator[tuple[Feature, Phrase]]:
    for form in forms(phrase[0]):
        yield form.feature, (form.text, *phrase[1:])


def _head_alone(phrase: Phrase, language: str) -> Iterator[tuple[Feature, Phrase]]:
    """Data lakes."""
    head = _head_end(phrase, language) - 1
    for form in english_inflection.noun_forms(phrase[head]):
        yield form.feature, (*phrase[:head], form.text, *phrase[head + 1 :])


def _all_to_head(
    phrase: Phrase, language: str, forms: Callable[[str], Iterator[Form]]
) -> Iterator[tuple[Feature, Phrase]]:
    """Noun and adjectives agree (modelos acústicos); of two nouns the first alone may change (palavras-chave)."""
    end = _head_end(phrase, language)
    inflected = [[] if word in _NEVER_INFLECTED else list(forms(word)) for word in phrase[:end]]
    free_words = [place < _FREE_WORDS for place in range(end)]
    features = dict.fromkeys(form.feature for word_forms in inflected for form in word_forms)
    for feature in features:
        choices = [
            ([form.text for form in word_forms if form.feature == feature] or [word])[: None if free else 1]
            for word, word_forms, free in zip(phrase, inflected, free_words, strict=False)
        ]
        for chosen in itertools.product(*choices):
            yield feature, (*chosen, *phrase[end:])
    for form in inflected[0]:
        yield form.feature, (form.text, *phrase[1:])


def _head_end(phrase: Phrase, language: str) -> int:
    """How many words there are before the first that ends the head; all of them if that were none."""
    for place, word in enumerate(phrase):
        if place and word in _HEAD_ENDS_BEFORE[language]:
            return place
    return len(phrase)
