"""The target side of a term: the form that answers to the source's, and whether a text has one that may."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from mt.inflection import Phrase, inflect
from mt.word_form import Feature
from streaming.glossary import Pos, Term


def target_lemma(term: Term, language: str) -> str:
    """The target as the translation model is told it."""
    return without_to(term.target, language)


def without_to(text: str, language: str) -> str:
    """Without the mark of an English infinitive."""
    return text.removeprefix("to ") if language == "en" else text


def answering_form(term: Term, feature: Feature, language: str) -> str:
    """The usual form of this feature, with the lemma's capitals; the lemma if there is no such form."""
    lemma = target_lemma(term, language)
    if feature == "base" or term.case:
        return lemma
    words = lemma.split()
    pos: Pos = term.pos or ("noun" if feature == "plural" else "verb")
    for each, form in inflect(tuple(word.casefold() for word in words), pos, language):
        if each == feature:
            pairs = zip(words, form, strict=True)
            return " ".join(new if word[0].islower() else word[0] + new[1:] for word, new in pairs)
    return lemma


def acceptable_forms(lemma: Phrase, parts_of_speech: Iterable[Pos], feature: Feature, language: str) -> set[Phrase]:
    """What may translate this form: any one, but a plural for a plural, and no infinitive for a past tense.

    All there are where the language has no such form.
    """
    wanted = list(parts_of_speech)
    if "noun" in wanted:
        wanted.append("adj")  # a noun of a person has two genders
    forms = [form for pos in wanted for form in inflect(lemma, pos, language)]
    alike = forms
    if feature == "plural":
        alike = [(each, form) for each, form in forms if each == "plural"]
    elif feature == "past" or (feature == "third" and language == "pt"):
        alike = [(each, form) for each, form in forms if each != "base"]
    return {form for _, form in alike or forms}


def has_phrase(parts: tuple[str, ...], phrases: Collection[Phrase]) -> bool:
    """Whether one of the phrases is among the parts of a text."""
    lengths = {len(phrase) for phrase in phrases}
    return any(parts[at : at + length] in phrases for length in lengths for at in range(len(parts) - length + 1))
