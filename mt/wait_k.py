"""Test-time wait-k: when to READ another source word and when to WRITE a target word (Ma et al. 2019, STACL).

The t-th target word is written once g(t) = k + t - 1 source words are read. Where the target needs `ratio` words for
one of the source, t / ratio takes the place of t (their catch-up), so that the lag keeps its size along a sentence.
"""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WaitK:
    """The policy of one language pair. `k` comes with each question: the budget may change it in mid-sentence."""

    ratio: float = 1.0
    """target words for one source word"""

    def writable(self, read: int, *, k: int) -> int:
        """How many words of the target may stand when `read` words of an unfinished source sentence are known."""
        steps = read - max(k, 1) + 1
        return max(1, math.floor(steps * self.ratio)) if steps > 0 else 0
