"""How long the voice of one listener's language still has something to say: what is made, and what waits to be made."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from streaming.items import Clause

CHARACTERS_PER_S = 18.0
"""How fast a voice speaks clauses at tempo 1.0: Kokoro pt said 15 a second, Piper en 18; the faster, so that no gap
opens."""
MAKING_SHARE = 0.75
"""Making a clause takes this part of its duration: with Kokoro on two cores, recognition beside it, the clauses that
found the voice idle began to play after 0.70 to 0.81 of it (two real-time runs of 52 s). Other voices are faster."""


def estimated_s(text: str, tempo: float) -> float:
    """How long `text` will last."""
    return len(text) / (CHARACTERS_PER_S * tempo)


class VoiceBacklog:
    """Clauses are added as they are cut and leave, in that order, as they are voiced or skipped."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Clause, float]] = deque()
        self._voiced_until_s = float("-inf")
        self._making_since_s = float("-inf")

    @property
    def waiting(self) -> Sequence[Clause]:
        """The clauses that have no voice yet, oldest first: the one in the making and those behind it."""
        return tuple(clause for clause, _ in self._waiting)

    def add(self, clause: Clause, tempo: float, now: float) -> None:
        if not self._waiting:
            self._making_since_s = now
        self._waiting.append((clause, estimated_s(clause.text, tempo)))

    def settle(self, duration_s: float, now: float) -> None:
        """The oldest clause has got its voice, which lasts `duration_s`; 0 where it is skipped."""
        self._waiting.popleft()
        self._voiced_until_s = max(self._voiced_until_s, now) + duration_s
        self._making_since_s = now

    @property
    def busy_until_s(self) -> float:
        """Clock: when the voice falls silent if nothing is added; in the past if it is silent already."""
        if not self._waiting:
            return self._voiced_until_s
        durations = [duration_s for _, duration_s in self._waiting]
        begins_s = max(self._voiced_until_s, self._making_since_s + MAKING_SHARE * durations[0])
        return begins_s + sum(durations)
