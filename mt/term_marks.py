"""Training sources in which a glossary's term is marked: "approve the budgets = orçamento | today".

Target lemma annotations (Bergmanis and Pinnis 2021, after Dinu et al. 2019): the model sees the dictionary form and
learns to inflect it. The pairs of words come from a lexicon trained on the lessons themselves (IBM Model 1, Brown et
al. 1993). Mostly the source word is exchanged for another one of like ending, so that nothing but the mark tells how to
translate it: a word that the model would have written anyway teaches it nothing about marks.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np

from mt.content_words import bare
from mt.lessons import Lesson
from mt.terminology import END_MARK, MARK

_ROUNDS = 4
_MIN_COUNT = 3
_COMMON = 150
"""the most frequent source words are function words: never terms"""
_SURE = 0.25
"""probability of the translation, both ways"""
_EXCHANGED = 0.75
_PHRASES = 0.6
"""of the terms that could be a phrase"""
_LONGEST_BETWEEN = 3
"""letters of a word between the two of a phrase: de, of, das"""
_NOTHING = ""
"""the empty source word of Model 1"""


@dataclass(frozen=True, slots=True)
class MarkedLesson:
    """A lesson's source with a term in it, and the term's translation in dictionary form."""

    source: str
    term: tuple[str, ...]
    """its words, bare"""
    target: str

    def annotate(self, words: Sequence[str]) -> str:
        """The words as one text, the mark wherever the term ends."""
        length, marked = len(self.term), []
        for at, word in enumerate(words, start=1):
            marked.append(word)
            if self.term == tuple(map(bare, words[max(0, at - length) : at])):
                marked.append(f"{MARK} {self.target} {END_MARK}")
        return " ".join(marked)

    def is_in(self, words: Sequence[str]) -> bool:
        return MARK in self.annotate(words).split()


class TermMarks:
    """Finds words of a lesson that can serve as a glossary's term."""

    def __init__(self, lessons: Sequence[Lesson], lemma: Callable[[str], str]) -> None:
        """`lemma` of a word of the target language."""
        self._lemma = lemma
        pairs = [(_words(lesson.source), _words(lesson.target)) for lesson in lessons]
        counts = Counter(word for source, _ in pairs for word in source)
        self._common = {word for word, _ in counts.most_common(_COMMON)}
        forward = lexicon(pairs)
        backward = lexicon([(target, source) for source, target in pairs])
        self._translations: dict[str, str] = {}
        for (source, target), probability in forward.items():
            if probability >= _SURE and backward.get((target, source), 0) >= _SURE and self._is_term(source):
                self._translations[source] = target
        self._alike: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._translations):
            self._alike[word[-2:]].append(word)

    def draw(self, lesson: Lesson, random: Random) -> MarkedLesson | None:
        """None where the lesson has no word that is surely translated by one word."""
        words, target = lesson.source.split(), lesson.target.split()
        places = self._places(words, [*map(bare, target)])
        if not places:
            return None
        first = random.choice([*places])
        term = self._phrase(words, target, places, first) if random.random() < _PHRASES else None
        if term is None:
            term = [first], self._lemma(bare(target[places[first]]))
        at, translated = term
        if random.random() < _EXCHANGED:
            for place in at:
                words[place] = self._exchanged(words, place, random)
        return MarkedLesson(" ".join(words), tuple(bare(word) for word in words[at[0] : at[-1] + 1]), translated)

    def _places(self, words: Sequence[str], target: Sequence[str]) -> dict[int, int]:
        """Where a word that may be a term stands, and where its translation; only what is there once."""
        source = [*map(bare, words)]
        places = {}
        for at, word in enumerate(source):
            translation = self._translations.get(word)
            if translation is not None and source.count(word) == 1 and target.count(translation) == 1:
                places[at] = target.index(translation)
        return places

    def _phrase(
        self, words: Sequence[str], target: Sequence[str], places: dict[int, int], first: int
    ) -> tuple[list[int], str] | None:
        """The word and the next such one as one term, if they stand together on both sides, a preposition between."""
        for second in (first + 1, first + 2):
            if second not in places or any(_ends_clause(word) for word in words[first:second]):
                continue
            begin, end = sorted((places[first], places[second]))
            between = [*words[first + 1 : second], *target[begin + 1 : end]]
            if end - begin > 2 or any(len(bare(word)) > _LONGEST_BETWEEN for word in between):
                continue
            phrase = [bare(word) for word in target[begin : end + 1]]
            if not all(phrase) or any(_ends_clause(word) for word in target[begin:end]):
                continue
            return [first, second], " ".join([self._lemma(phrase[0]), *phrase[1:]])
        return None

    def _exchanged(self, words: Sequence[str], place: int, random: Random) -> str:
        word = bare(words[place])
        other = random.choice(self._alike[word[-2:]])
        return words[place] if other in map(bare, words) else _exchange(words[place], word, other)

    def _is_term(self, word: str) -> bool:
        return len(word) > 3 and word.isalpha() and word not in self._common


def lexicon(pairs: Sequence[tuple[list[str], list[str]]]) -> dict[tuple[str, str], float]:
    """Model 1's probability of the target word given the source word, for frequent pairs of words."""
    links: list[tuple[int, int, int]] = []  # (pair of words, position of the target word in the corpus)
    ids: dict[tuple[str, str], int] = {}
    sources: dict[str, int] = {}
    place = 0
    for source, target in pairs:
        for to in target:
            for from_ in {_NOTHING, *source}:
                pair = ids.setdefault((from_, to), len(ids))
                links.append((pair, sources.setdefault(from_, len(sources)), place))
            place += 1
    pair, source_id, at = np.array(links, np.int64).T
    probability = np.ones(len(ids))
    source_of_pair = np.zeros(len(ids), np.int64)
    source_of_pair[pair] = source_id
    for _ in range(_ROUNDS):
        weight = probability[pair]
        weight /= np.bincount(at, weight, minlength=place)[at]
        expected = np.bincount(pair, weight, minlength=len(ids))
        probability = expected / np.bincount(source_of_pair, expected, minlength=len(sources))[source_of_pair]
    return {words: float(probability[n]) for words, n in ids.items() if expected[n] >= _MIN_COUNT}


def _words(text: str) -> list[str]:
    return [word for word in map(bare, text.split()) if word]


def _ends_clause(word: str) -> bool:
    return word.endswith((",", ".", ";", ":", "?", "!"))


def _exchange(word: str, old: str, new: str) -> str:
    """The new word with the old one's punctuation and capital."""
    begin = word.lower().find(old)
    inside = word[begin : begin + len(old)]
    if inside[:1].isupper():
        new = new.capitalize()
    return word[:begin] + new + word[begin + len(old) :]
