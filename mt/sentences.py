"""Cuts a stream of recognised words into sentences: by the recogniser's punctuation, a pause, or length."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from streaming.items import Word

_SOFT_LIMIT_WORDS = 40
_HARD_LIMIT_WORDS = 50
"""The student was trained on single sentences; few written ones are longer than this."""
_CLOSING = "\"'”’»)]"
_ENGLISH = "mr mrs ms dr prof st jr sr vs approx dept gen col sgt capt lt rev fig vol inc ltd ph.d"
_PORTUGUESE = "sra srta dra profa exmo av tel pág ex art ltda núm"
_ABBREVIATIONS = frozenset(f"{word}." for word in f"{_ENGLISH} {_PORTUGUESE}".split())
_FINAL_MARKS = (".", "?", "!", "…")
_INITIALS = re.compile(r"([^\W\d_]\.)+")
"""J. or U.S. or p.m.: more likely inside a sentence than at its end; a pause ends it anyway"""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that go on with the current sentence, and whether they end it."""

    words: tuple[Word, ...]
    ends: bool


class SentenceCutter:
    """Sans-I/O: only counts the words of the open sentence."""

    def __init__(self) -> None:
        self._open_words = 0

    def push(self, words: Sequence[Word], *, pause: bool = False) -> list[Piece]:
        """The words in pieces, every one but the last ending a sentence; a pause ends the last one too.

        A pause after a complete sentence gives nothing.
        """
        pieces: list[Piece] = []
        waiting: list[Word] = []
        for word in words:
            waiting.append(word)
            self._open_words += 1
            if self._is_last(word.text):
                pieces.append(self._cut(waiting))
                waiting = []
        if pause and self._open_words:
            pieces.append(self._cut(waiting))
        elif waiting:
            pieces.append(Piece(tuple(waiting), ends=False))
        return pieces

    def _cut(self, words: list[Word]) -> Piece:
        self._open_words = 0
        return Piece(tuple(words), ends=True)

    def _is_last(self, text: str) -> bool:
        if self._open_words >= _HARD_LIMIT_WORDS or ends_sentence(text):
            return True
        return self._open_words >= _SOFT_LIMIT_WORDS and text.endswith((",", ";", ":"))


def ends_sentence(word: str) -> bool:
    """Whether the word's punctuation closes a sentence: not in Mr., U.S. or a trailing ellipsis."""
    core = word.rstrip(_CLOSING)
    if core.endswith(("?", "!")):
        return True
    if not core.endswith(".") or core.endswith(".."):
        return False
    opened = core.lstrip("\"'“‘«([¿¡")
    return not (opened.lower() in _ABBREVIATIONS or _INITIALS.fullmatch(opened))


def closed(words: Sequence[str]) -> list[str]:
    """The words of a complete sentence with a full stop behind the last, if it has no final mark of its own."""
    if not words or words[-1].rstrip(_CLOSING).endswith(_FINAL_MARKS):
        return [*words]
    return [*words[:-1], words[-1].rstrip(",;:-") + "."]
