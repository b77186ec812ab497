"""Where a text may be cut for speech: at punctuation, before function words, never inside a noun phrase.

The chinks-and-chunks rule of phrasing for speech synthesis (Liberman & Church 1992) on the words of `function_words`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import IntEnum

from streaming.language import primary
from tts.function_words import FUNCTION_WORDS, FunctionWords
from tts.synthesis import CLOSERS

_SENTENCE_END = re.compile(r"[.!?…]+$")
_CLAUSE_END = re.compile(r"[,;:—–]$")
_INITIAL = re.compile(r"(\w\.)+")
_NUMBER = re.compile(r"[^\w\s]*\d[\d.,/]*")
_ABBREVIATIONS = frozenset(
    ["mr.", "mrs.", "ms.", "dr.", "prof.", "st.", "vs.", "no.", "sr.", "sra.", "dra.", "profa.", "av.", "ex.", "nº."]
)


class Break(IntEnum):
    """What a place between words is good for, the better the higher."""

    POSSIBLE = 0
    """nothing speaks against it"""
    PHRASE = 1
    """before a preposition"""
    CLAUSE = 2
    """before a conjunction or relative"""
    PUNCTUATION = 3
    """after a comma and its like"""


class PhraseBreaks:
    """The places of one language."""

    def __init__(self, language: str) -> None:
        self._function_words = FUNCTION_WORDS.get(primary(language), FunctionWords())

    def after(self, words: Sequence[str], count: int) -> Break | None:
        """The place after `count` of the words; None where the words around it belong together."""
        word = words[count - 1]
        following = words[count] if count < len(words) else ""
        if _CLAUSE_END.search(word.rstrip(CLOSERS)):
            return Break.PUNCTUATION
        if self._bind(word, following):
            return None
        if following.lower() in self._function_words.starts_clause:
            return Break.CLAUSE
        return Break.PHRASE if following.lower() in self._function_words.starts_phrase else Break.POSSIBLE

    def _bind(self, word: str, following: str) -> bool:
        if word.lower() in self._function_words.binds_right or word.lower() in _ABBREVIATIONS:
            return True
        if following.lower() in self._function_words.binds_left:
            return True
        if following[:1].isupper() and word[:1].isupper() and word.isalpha():  # a name: New York
            return True
        return _NUMBER.fullmatch(word) is not None and not word.endswith((",", "."))


def ends_sentence(word: str) -> bool:
    """Whether the word's punctuation closes a sentence: not in Mr. or U.S."""
    bare = word.rstrip(CLOSERS)
    if bare.lower() in _ABBREVIATIONS or _INITIAL.fullmatch(bare):
        return False
    return _SENTENCE_END.search(bare) is not None
