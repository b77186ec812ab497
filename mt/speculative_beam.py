"""Looks a few tokens ahead before the next word is committed: speculative beam search (Zheng et al. 2019).

A word that is out can't be taken back, so it is worth asking how it would go on: the word is taken that the
likeliest of a few continuations begins with. What the continuations say beyond it is dropped, or shown as tentative.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from heapq import nlargest
from operator import attrgetter

import numpy as np

from mt.greedy import GreedyTarget
from mt.marian import Float32

WINDOW = 4
"""tokens; about two words and a half"""
_WIDTH = 4
"""hypotheses; neither was searched for"""
_SURE = math.log(0.7)
"""log-probability of a first token above which nothing is searched: it would cost time and change little"""


@dataclass(frozen=True, slots=True)
class _Option:
    """A hypothesis, and how it would go on."""

    score: float
    """log-probability"""
    target: GreedyTarget
    token: int | None = None
    """None: it is done"""
    cells: Float32 | None = None

    def target_then(self) -> GreedyTarget:
        if self.token is None or self.cells is None:
            return self.target
        return self.target.grown(self.token, self.cells)


class SpeculativeBeam:
    """Grows hypotheses of one target side by side for `window` tokens, then the best of them greedily."""

    def __init__(self, target: GreedyTarget, *, window: int, words: int) -> None:
        """`window` 0 is greedy decoding until the target is done.

        `words`: once so many are complete, nothing is decoded beyond the window.
        """
        self._beam = [(0.0, target)]
        self._left = window
        self._is_first = True
        self._words = words if window else None

    @property
    def best(self) -> GreedyTarget:
        return self._beam[0][1]

    @property
    def growing(self) -> list[GreedyTarget]:
        """The hypotheses for which `advance` wants logits; none: the target is done."""
        if self._left == 0 and self._words is not None and self.best.boundaries >= self._words:
            return []
        return [target for _, target in self._beam if not target.done]

    def advance(self, logits: Float32, cells: Float32) -> None:
        """Takes the logits (n, vocabulary), overwriting them, and the cells (layers, n, dim) of the growing."""
        if self._left == 0:
            self.best.advance(logits[0], cells[:, 0])
            return
        options = [_Option(score, target) for score, target in self._beam if target.done]
        growing = [(score, target) for score, target in self._beam if not target.done]
        for row, (score, target) in enumerate(growing):
            options += self._continuations(score, target, logits[row], cells[:, row])
        self._left -= 1
        kept = nlargest(_WIDTH if self._left else 1, options, key=attrgetter("score"))
        self._beam = [(option.score, option.target_then()) for option in kept]

    def _continuations(self, score: float, target: GreedyTarget, logits: Float32, cells: Float32) -> list[_Option]:
        """The likeliest; at the beginning a READ, if the model prefers it, or else none."""
        target.allow(logits)
        first, self._is_first = self._is_first, False
        if first and target.reads(logits):
            return [_Option(score, target, target.end, cells)]
        if first:
            logits[target.end] = -np.inf
        log_p = logits - _log_sum(logits)
        if first and log_p.max() > _SURE:
            self._left = 1
        best = np.argpartition(-log_p, _WIDTH)[:_WIDTH].tolist()
        return [_Option(score + float(log_p[token]), target, token, cells) for token in best]


def _log_sum(logits: Float32) -> float:
    largest = float(logits.max())
    return largest + math.log(float(np.exp(logits - largest).sum()))
