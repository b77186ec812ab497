"""What a speaker says by mistake before correcting himself: a word of the same kind, number, name or ending."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence

from mt.kindred_words import kindred_words
from mt.spoken_word import core, like

_DIGITS = re.compile(r"\d+")
_SHORTEST_BY_ENDING = 4
"""letters; shorter words of no known kind aren't exchanged"""
_ENDING_LENGTHS = (4, 3, 2)
_MOST_ALTERNATIVES = 400
"""by ending; the most frequent come first in the vocabulary"""
_NUMBERS_IN_CLASS = 1


class Reparandum:
    def __init__(self, language: str, substitutes: Sequence[str]) -> None:
        sharp, soft, function = kindred_words(language)
        self._sharp = _by_word(sharp)
        self._other = _by_word([*soft, *function])
        self._by_ending: dict[str, list[str]] = defaultdict(list)
        for word in substitutes:
            if word.islower() and word.isalpha() and len(word) >= _SHORTEST_BY_ENDING and core(word) not in self._sharp:
                for length in _ENDING_LENGTHS:
                    alternatives = self._by_ending[word[-length:]]
                    if len(alternatives) < _MOST_ALTERNATIVES:
                        alternatives.append(word)

    def is_sharp(self, word: str) -> bool:
        """Numbers, dates, times, names, places: what short corrections are about most."""
        return any(sign.isdecimal() for sign in word) or core(word) in self._sharp

    def instead_of(self, word: str, random: random.Random) -> str:
        """Another word of the same kind with the case of this one, or "" if none is known."""
        if any(sign.isdecimal() for sign in word):
            return _other_number(word, random)
        shown = core(word)
        known = self._sharp.get(shown) or self._other.get(shown) or self._alike(shown)
        others = [other for other in known if other != shown]
        return like(random.choice(others), word) if others else ""

    def _alike(self, shown: str) -> list[str]:
        if len(shown) < _SHORTEST_BY_ENDING or not shown.isalpha():
            return []
        for length in _ENDING_LENGTHS:
            alternatives = self._by_ending.get(shown[-length:], [])
            if len(alternatives) > _NUMBERS_IN_CLASS:
                return alternatives
        return []


def _by_word(classes: list[list[str]]) -> dict[str, list[str]]:
    """The first class that has the word."""
    found: dict[str, list[str]] = {}
    for words in classes:
        for word in words:
            found.setdefault(word, words)
    return found


def _other_number(word: str, random: random.Random) -> str:
    """One digit of the number changed; not the first of a longer number to 0."""
    match = random.choice(list(_DIGITS.finditer(word)))
    at = random.randrange(match.start(), match.end())
    others = [digit for digit in "123456789" if digit != word[at]]
    return word[:at] + random.choice(others) + word[at + 1 :]
