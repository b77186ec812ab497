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
_A_NAME = "maria"
"""in both languages' lists of first names"""


class Reparandum:
    def __init__(self, language: str, substitutes: Sequence[str]) -> None:
        sharp, soft, function = kindred_words(language)
        self._sharp = _by_word(sharp)
        self._other = _by_word([*soft, *function])
        self._names = self._sharp[_A_NAME]
        self._by_ending: dict[str, list[str]] = defaultdict(list)
        for word in substitutes:
            if word.islower() and word.isalpha() and len(word) >= _SHORTEST_BY_ENDING and word not in self._sharp:
                for length in _ENDING_LENGTHS:
                    self._by_ending[word[-length:]].append(word)

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

    def instead_of_name(self, word: str, random: random.Random) -> str:
        """As `instead_of`, but an unknown name gives way to any known first name."""
        if core(word) in self._sharp or any(sign.isdecimal() for sign in word):
            return self.instead_of(word, random)
        return like(random.choice(self._names), word)

    def _alike(self, shown: str) -> list[str]:
        if len(shown) < _SHORTEST_BY_ENDING or not shown.isalpha():
            return []
        for length in _ENDING_LENGTHS:
            alternatives = self._by_ending.get(shown[-length:], [])
            if any(other != shown for other in alternatives):
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
    """One of the last two digits of the number, or of one of its parts, changed; minutes stay below 60."""
    match = random.choice(list(_DIGITS.finditer(word)))
    at = random.randrange(max(match.start(), match.end() - 2), match.end())
    digits = "12345" if ":" in word or "h" in word else "123456789"
    others = [digit for digit in digits if digit != word[at]]
    return word[:at] + random.choice(others) + word[at + 1 :]
