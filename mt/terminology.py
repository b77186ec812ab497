"""A glossary's terms in a speaker's words: found in any inflected form, and translated there for the model to copy.

Code-switched sources (Song et al. 2019; "replace" in Dinu et al. 2019): the translation stands in the term's place,
inflected by rule as the term was; the tuned model was trained to copy it, and to inflect it where it must.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from mt.inflection import Phrase, inflect
from mt.part_of_speech import Place, is_ambiguous, may_stand_as
from mt.portuguese_conjugation import is_infinitive
from mt.term_target import answering_form, without_to
from mt.term_words import TermWords, around, term_words
from mt.word_form import Feature
from streaming.glossary import Glossary, Pos, Term


@dataclass(frozen=True, slots=True)
class Match:
    """A term in the words [start, end)."""

    start: int
    end: int
    term: Term
    feature: Feature = "base"
    """the form in which it stands there"""


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a form may be a form of."""

    term: Term
    pos: Pos
    feature: Feature
    lemma: Phrase
    written: tuple[str, ...]
    """the lemma as the glossary writes it"""


class Terminology:
    """The terms of one direction, looked up by all their forms. Made once: a verb has some 70 forms in Portuguese."""

    def __init__(self, glossary: Glossary) -> None:
        self.glossary = glossary
        self.source, self.target = glossary.source_language, glossary.target_language
        self._readings: dict[Phrase, list[_Reading]] = {}
        for term in glossary.terms:
            self._add(term)
        self._longest: dict[str, int] = {}
        self._beginnings: set[Phrase] = set()
        for phrase in self._readings:
            self._longest[phrase[0]] = max(self._longest.get(phrase[0], 0), len(phrase))
            self._beginnings.update(phrase[:length] for length in range(1, len(phrase)))

    def find(self, words: Sequence[str], *, final: bool = True) -> list[Match]:
        """The terms among the words of a sentence, from left to right, of two that overlap the one that begins first
        and of those the longest.

        Not `final`: those among the first `settled` words.
        """
        return self._scan(words, final=final)[0]

    def settled(self, words: Sequence[str]) -> int:
        """How many words of an unfinished sentence `find` will say the same of, whatever follows.

        The rest may be the beginning of a term, or a word that is a term or not by what follows it. A caller that
        translates while the sentence grows must take no more than these for read: what it replaces then stays so.
        """
        return self._scan(words, final=False)[1]

    def replace(self, words: Sequence[str], matches: Iterable[Match]) -> str:
        """The text with the matches' translations in their place, inflected by rule, for the model to copy."""
        replaced = list(words)
        for match in sorted(matches, key=lambda match: match.start, reverse=True):
            replaced[match.start : match.end] = [self._translated(match, words)]
        return " ".join(replaced)

    def translation(self, match: Match) -> str:
        """Of the term, in the form that answers to the one it has there."""
        return answering_form(match.term, match.feature, self.target)

    def _add(self, term: Term) -> None:
        words = term_words(without_to(term.source, self.source).split(), self.source)
        for pos in _parts_of_speech(term, self.source, self.target):
            for feature, form in _forms(words.parts, term, pos, self.source):
                readings = self._readings.setdefault(form, [])
                if not any(reading.term is term and reading.pos == pos for reading in readings):
                    place = 0 if term.case else len(readings)
                    readings.insert(place, _Reading(term, pos, feature, words.parts, words.written))

    def _scan(self, words: Sequence[str], *, final: bool) -> tuple[list[Match], int]:
        text = term_words(words, self.source)
        matches: list[Match] = []
        at = 0
        while at < len(text.parts):
            if at not in text.begins or text.parts[at] not in self._longest:
                at += 1
                continue
            if not final and self._may_grow(text, at):
                return matches, text.words[at]
            match, undecided = self._match(text, at, final=final)
            if undecided:
                return matches, text.words[at]
            if match is None:
                at += 1
                continue
            matches.append(match)
            while at < len(text.parts) and text.words[at] < match.end:
                at += 1
        return matches, len(words)

    def _may_grow(self, text: TermWords, at: int) -> bool:
        """All that there is from here on is the beginning of a longer form, with no mark that would end it."""
        rest = text.parts[at:]
        return rest in self._beginnings and not any(at < pause for pause in text.pauses)

    def _match(self, text: TermWords, at: int, *, final: bool) -> tuple[Match | None, bool]:
        """The longest term that begins here, and whether what follows has to be known first."""
        for end in range(min(at + self._longest[text.parts[at]], len(text.parts)), at, -1):
            if end not in text.ends or any(at < pause < end for pause in text.pauses):
                continue
            for reading in self._readings.get(text.parts[at:end], ()):
                fits = self._fits(reading, text, at, end, final=final)
                if fits is None:
                    return None, True
                if fits:
                    return Match(text.words[at], text.words[end - 1] + 1, reading.term, reading.feature), False
        return None, False

    def _fits(self, reading: _Reading, text: TermWords, at: int, end: int, *, final: bool) -> bool | None:
        """Whether the parts [at, end) are meant as this reading has it; None: that hangs on what follows."""
        is_written_so = text.written[at:end] == reading.written
        if reading.term.case and not is_written_so:
            return False
        if end - at > 1:
            return True
        if _is_proper(reading):
            return not is_ambiguous(text.parts[at], self.source) or (is_written_so and _capital_counts(text, at))
        previous = "" if at in text.pauses else text.whole[text.words[at - 1]]
        place = Place(previous, text.parts[at], _following(text, end, final=final))
        return may_stand_as(reading.pos, place, lemma=reading.lemma[0], feature=reading.feature, language=self.source)

    def _translated(self, match: Match, words: Sequence[str]) -> str:
        """What stands in the match's place, with the marks and the capital of the source."""
        first, last = words[match.start], words[match.end - 1]
        before, after = around(first, last, self.source)
        target = self.translation(match)
        if first.removeprefix(before)[:1].isupper() and match.term.source[0].islower():
            target = target[0].upper() + target[1:]
        return before + target + after


def _is_proper(reading: _Reading) -> bool:
    """A name or an acronym: how it is spelt tells it from an ordinary word."""
    term, written = reading.term, reading.written[0]
    if term.case or reading.pos == "name":
        return True
    return written[1:] != written[1:].lower() or (not term.pos and written[0].isupper())


def _capital_counts(text: TermWords, at: int) -> bool:
    """May begins sentences as another word too."""
    return text.words[at] > 0 or text.written[at][1:].isupper()


def _following(text: TermWords, end: int, *, final: bool) -> str | None:
    """As `Place.following` has it."""
    if end in text.pauses:
        return ""
    if end == len(text.parts):
        return "" if final else None
    return text.whole[text.words[end]] if end in text.begins else text.parts[end]


def _parts_of_speech(term: Term, source: str, target: str) -> tuple[Pos, ...]:
    """The declared one; else noun, and verb too where one side looks like an infinitive."""
    if term.pos or term.case:
        return (term.pos or "name",)
    sides = ((term.source, source), (term.target, target))
    if any(language == "en" and text.startswith("to ") for text, language in sides):
        return ("verb",)
    if any(language == "pt" and is_infinitive(text.split()[0]) for text, language in sides):
        return ("noun", "verb")
    return ("noun",)


def _forms(phrase: Phrase, term: Term, pos: Pos, language: str) -> Iterator[tuple[Feature, Phrase]]:
    return iter([("base", phrase)]) if term.case else inflect(phrase, pos, language)
