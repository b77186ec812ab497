"""The target side of a term: the form that answers to the source's."""

from __future__ import annotations

from mt.inflection import inflect
from mt.word_form import Feature
from streaming.glossary import Pos, Term


def without_to(text: str, language: str) -> str:
    """Without the mark of an English infinitive."""
    return text.removeprefix("to ") if language == "en" else text


def answering_form(term: Term, feature: Feature, language: str) -> str:
    """The usual form of this feature, with the lemma's capitals; the lemma if there is no such form."""
    lemma = without_to(term.target, language)
    if feature == "base" or term.case:
        return lemma
    words = lemma.split()
    pos: Pos = term.pos or ("noun" if feature == "plural" else "verb")
    for each, form in inflect(tuple(word.casefold() for word in words), pos, language):
        if each == feature:
            pairs = zip(words, form, strict=True)
            return " ".join(new if word[0].islower() else word[0] + new[1:] for word, new in pairs)
    return lemma
