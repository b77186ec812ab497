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

MARK, END_MARK = "=", "|"
_ROUNDS = 4
_MIN_COUNT = 3
_COMMON = 150
"""the most frequent source words are function words: never terms"""
_SURE = 0.25
"""probability of the translation, both ways"""
_EXCHANGED = 0.75
_NOTHING = ""
"""the empty source word of Model 1"""


@dataclass(frozen=True, slots=True)
class MarkedLesson:
    """A lesson's source with a word that is a term, and the term's dictionary form in the target language."""

    source: str
    word: str
    target: str

    def annotate(self, words: Sequence[str]) -> str:
        """The words as one text, the mark after each that is the term."""
        marked = (f"{word} {MARK} {self.target} {END_MARK}" if bare(word) == self.word else word for word in words)
        return " ".join(marked)


class TermMarks:
    """Finds a word of a lesson that can serve as a glossary's term."""

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
        words = lesson.source.split()
        target = set(_words(lesson.target))
        usable = [
            at
            for at, word in enumerate(words)
            if self._translations.get(bare(word), _NOTHING) in target and sum(bare(w) == bare(word) for w in words) == 1
        ]
        if not usable:
            return None
        at = random.choice(usable)
        word = bare(words[at])
        translated = self._lemma(self._translations[word])
        if random.random() < _EXCHANGED:
            other = random.choice(self._alike[word[-2:]])
            if other not in map(bare, words):
                words[at] = _exchange(words[at], word, other)
                word = other
        return MarkedLesson(" ".join(words), word, translated)

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


def _exchange(word: str, old: str, new: str) -> str:
    """The new word with the old one's punctuation and capital."""
    begin = word.lower().find(old)
    inside = word[begin : begin + len(old)]
    if inside[:1].isupper():
        new = new.capitalize()
    return word[:begin] + new + word[begin + len(old) :]
