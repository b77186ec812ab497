"""Makes a glossary's terms likelier while they are due: they stand translated in the source, and are to be copied.

A soft form of lexically constrained decoding (Hokamp and Liu 2017): a term's first token is favoured until the target
has the term, and each next one more, once the beginning is written. Where the model is sure of another word it still
has its way, so that a term is never forced into a place where it breaks the sentence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from mt.marian import Float32

_BEGIN, _GO_ON, _NEXT_WORD = 5.0, 7.0, 14.0
"""added to the logits of a term's first token, of the next one within a word, and of that which begins its next word.
Chosen in whole steps on the 300 uses in bench/texts."""


class TermGuide:
    """The terms of one source, by their tokens."""

    def __init__(self, terms: Sequence[Sequence[int]], starts_word: npt.NDArray[np.bool_]) -> None:
        """`terms`: as often as each is in the source; `starts_word`: which tokens (vocabulary,) begin a word."""
        self._starts_word = starts_word
        self._wanted = Counter(tuple(term) for term in terms if len(term))

    def favour(self, logits: Float32, tokens: Sequence[int]) -> None:
        """Changes the logits (vocabulary,) of the token that follows `tokens`."""
        favours: dict[int, float] = {}
        for term, times in self._wanted.items():
            if _occurrences(term, tokens) >= times:
                continue
            begun = _begun(term, tokens)
            following = term[begun]
            favour = _BEGIN if not begun else _NEXT_WORD if self._starts_word[following] else _GO_ON
            favours[following] = max(favours.get(following, 0.0), favour)
        for token, favour in favours.items():
            logits[token] += favour


def _occurrences(term: tuple[int, ...], tokens: Sequence[int]) -> int:
    return sum(tuple(tokens[at : at + len(term)]) == term for at in range(len(tokens) - len(term) + 1))


def _begun(term: tuple[int, ...], tokens: Sequence[int]) -> int:
    """How many of the term's tokens the target ends with."""
    longest = min(len(term) - 1, len(tokens))
    return next((n for n in range(longest, 0, -1) if tuple(tokens[len(tokens) - n :]) == term[:n]), 0)
