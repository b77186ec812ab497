"""Training sources in which a glossary's term is translated already: "approve the orçamentos today".

Code-switched sources (Song et al. 2019; "replace" in Dinu et al. 2019): the model learns to copy the term and, where it
stands in its dictionary form, to inflect it. The pairs of words come from a lexicon trained on the lessons themselves
(IBM Model 1, Brown et al. 1993). Some terms are exchanged for another word of like ending on both sides, so that only
copying gives the right target: a word that the model would have written anyway teaches it little.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from random import Random

import numpy as np
from numpy.typing import NDArray

from mt.content_words import bare
from mt.lessons import Lesson
from mt.term_words import around

_ROUNDS = 4
_MIN_COUNT = 3
_COMMON = 150
"""the most frequent source words are function words: never terms"""
_SURE = 0.25
"""probability of the translation, both ways"""
_EXCHANGED = 0.4
_AS_IT_STANDS = 0.6
"""the form that the target has; otherwise the dictionary form"""
_PHRASES = 0.6
"""of the terms that could be a phrase"""
_LONGEST_BETWEEN = 3
"""letters of a word between the two of a phrase: de, of, das"""
_NOTHING = ""
"""the empty source word of Model 1"""
_IntArray = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Copied:
    """A lesson with a term in its source, and what shall stand in the term's place."""

    lesson: Lesson
    term: tuple[str, ...]
    """its words, bare"""
    translation: str
    language: str
    """of the source"""

    def replace(self, words: Sequence[str]) -> str:
        """The words as one text, the term translated wherever it is, with the marks around it."""
        length, replaced = len(self.term), []
        for word in words:
            replaced.append(word)
            if self.term == tuple(map(bare, replaced[-length:])):
                first, last = replaced[-length], replaced[-1]
                before, after = around(first, last, self.language)
                replaced[-length:] = [before + _cased(self.translation, first) + after]
        return " ".join(replaced)

    def is_in(self, words: Sequence[str]) -> bool:
        spoken = [*map(bare, words)]
        return any(self.term == tuple(spoken[at : at + len(self.term)]) for at in range(len(spoken)))


class TermCopies:
    """Finds words of a lesson that can serve as a glossary's term."""

    def __init__(self, lessons: Sequence[Lesson], language: str, lemma: Callable[[str], str]) -> None:
        """`language` of the sources; `lemma` of a word of the targets."""
        self._language = language
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
        for word in sorted({*self._translations.values()}):
            self._alike[word[-2:]].append(word)

    def draw(self, lesson: Lesson, random: Random) -> Copied | None:
        """None where the lesson has no word that is surely translated by one word."""
        words, target = lesson.source.split(), lesson.target.split()
        places = self._places(words, [*map(bare, target)])
        if not places:
            return None
        first = random.choice([*places])
        found = self._phrase(words, target, places, first, random) if random.random() < _PHRASES else None
        if found is not None:
            (begin, end), translation = found
            return Copied(lesson, tuple(map(bare, words[begin : end + 1])), translation, self._language)
        if random.random() < _EXCHANGED:
            at = places[first]
            target[at] = self._exchanged(target, at, random)
            lesson = replace(lesson, target=" ".join(target))
        return Copied(lesson, (bare(words[first]),), self._form(bare(target[places[first]]), random), self._language)

    def _form(self, word: str, random: Random) -> str:
        return word if random.random() < _AS_IT_STANDS else self._lemma(word)

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
        self, words: Sequence[str], target: Sequence[str], places: dict[int, int], first: int, random: Random
    ) -> tuple[tuple[int, int], str] | None:
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
            return (first, second), " ".join([self._form(phrase[0], random), *phrase[1:]])
        return None

    def _exchanged(self, words: Sequence[str], place: int, random: Random) -> str:
        word = bare(words[place])
        other = random.choice(self._alike[word[-2:]])
        return words[place] if other in map(bare, words) else _exchange(words[place], word, other)

    def _is_term(self, word: str) -> bool:
        return len(word) > 3 and word.isalpha() and word not in self._common


def lexicon(pairs: Sequence[tuple[list[str], list[str]]]) -> dict[tuple[str, str], float]:
    """Model 1's probability of the target word given the source word, for frequent pairs of words."""
    sources, targets = _Numbers(), _Numbers()
    linked: list[_IntArray] = []
    place = 0
    for source, target in pairs:
        words = np.array([sources[word] for word in {_NOTHING, *source}])
        to = np.array([targets[word] for word in target], np.int64)
        at = np.arange(place, place + len(target))
        linked.append(np.stack([np.tile(words, len(to)), np.repeat(to, len(words)), np.repeat(at, len(words))]))
        place += len(target)
    source_id, target_id, at = np.concatenate(linked, axis=1)
    ids, pair = np.unique(source_id * len(targets) + target_id, return_inverse=True)
    source_of_pair = ids // len(targets)
    probability = np.ones(len(ids))
    for _ in range(_ROUNDS):
        weight = probability[pair]
        weight /= np.bincount(at, weight, minlength=place)[at]
        expected = np.bincount(pair, weight, minlength=len(ids))
        probability = expected / np.bincount(source_of_pair, expected, minlength=len(sources))[source_of_pair]
    from_words, to_words = [*sources], [*targets]
    return {
        (from_words[ids[n] // len(to_words)], to_words[ids[n] % len(to_words)]): float(probability[n])
        for n in np.flatnonzero(expected >= _MIN_COUNT)
    }


class _Numbers(dict[str, int]):
    """Numbers words in the order in which they are first asked for."""

    def __missing__(self, word: str) -> int:
        self[word] = len(self)
        return self[word]


def _words(text: str) -> list[str]:
    return [word for word in map(bare, text.split()) if word]


def _ends_clause(word: str) -> bool:
    return word.endswith((",", ".", ";", ":", "?", "!"))


def _exchange(word: str, old: str, new: str) -> str:
    """The new word with the old one's punctuation and capital."""
    begin = word.lower().find(old)
    inside = word[begin : begin + len(old)]
    return word[:begin] + _cased(new, inside) + word[begin + len(old) :]


def _cased(new: str, old: str) -> str:
    return new.capitalize() if old.lstrip("\"'([")[:1].isupper() else new
