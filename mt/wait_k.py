"""Wait-k: when to READ another source word and when to WRITE a target word (Ma et al. 2019, STACL).

The t-th target word is written once g(t) = k + t - 1 source words are read. Where the target needs `ratio` words for
one of the source, t / ratio takes the place of t (their catch-up), so that the lag keeps its size along a sentence.
The adaptive variant leaves the choice to the model between a k that is smaller and one that is larger, as between the
wait-k policies of Zheng et al. 2020: it may write as early as the one and must as late as the other.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from streaming.errors import BadInput

POLICY_FILE = "policy.json"
_WHENEVER = 1000


@dataclass(frozen=True, slots=True)
class Writable:
    """How many words of the target may and must stand; between the two the model decides."""

    due: int
    allowed: int


@dataclass(frozen=True, slots=True)
class WaitK:
    """The policy of one language pair. `k` comes with each question: the budget may change it in mid-sentence."""

    ratio: float = 1.0
    """target words for one source word"""
    haste: int = 0
    """words by which the model may be earlier than k says"""
    patience: int = 0
    """words by which it may be later"""
    read_above: float = 0.5
    """a word that isn't due is held back while the model's probability that nothing is safe is above this"""

    @classmethod
    def of_model(cls, folder: Path) -> WaitK:
        """The policy that a tuned model's folder names; for a student without one, words are never due.

        A model that wasn't tuned ends what looks complete to it: to forbid that costs more than the wait.
        Raises BadInput for a file that isn't one.
        """
        path = folder / POLICY_FILE
        if not path.is_file():
            return cls(patience=_WHENEVER)
        try:
            return cls(**json.loads(path.read_text("utf-8")))
        except (ValueError, TypeError) as error:
            raise BadInput(f"{path}: not a wait-k policy: {error}") from error

    def writable(self, read: int, *, k: int) -> Writable:
        """What may and must stand when `read` content words of an unfinished source sentence are known."""
        return Writable(due=self._stand(read, k + self.patience), allowed=self._stand(read, max(1, k - self.haste)))

    def _stand(self, read: int, k: int) -> int:
        steps = read - max(k, 1) + 1
        return max(1, math.floor(steps * self.ratio)) if steps > 0 else 0
