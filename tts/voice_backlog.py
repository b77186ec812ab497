"""How long the voice of one listener's language still has something to say: what is made, and what waits to be made."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from streaming.items import Clause

CHARACTERS_PER_S = 16.5
"""How fast a voice speaks at tempo 1.0, until it was heard: Kokoro pt says 15 characters a second, Piper en 18."""
MAKING_SHARE = 0.75
"""Making a clause takes this part of its duration, until it was measured: with Kokoro on two cores, recognition beside
it, the clauses that found the voice idle began to play after 0.70 to 0.81 of it (two real-time runs of 52 s with its
graph as published; a machine that is faster is soon known)."""

_LEARNING = 0.2
"""Weight of the newest clause in what is learnt: it follows a changed load within ten seconds, not one odd clause."""


class VoiceBacklog:
    """Clauses are added as they are cut, are made one by one, and leave in that order, for playout or skipped.

    Those made teach how fast the voice speaks and how long making takes.
    """

    def __init__(self) -> None:
        self._waiting: deque[Clause] = deque()
        self._making_since_s: float | None = None
        self._made_s: float | None = None
        """how long the oldest lasts, where it is made and playout has no room yet"""
        self._playing_until_s = float("-inf")
        self._characters_per_s = CHARACTERS_PER_S
        self._making_share = MAKING_SHARE

    @property
    def waiting(self) -> Sequence[Clause]:
        """The clauses that playout has not got, oldest first: the one in the making and those behind it."""
        return tuple(self._waiting)

    def add(self, clause: Clause) -> None:
        self._waiting.append(clause)

    def making(self, now: float) -> None:
        """The oldest is being made from now on."""
        self._making_since_s = now

    def made(self, duration_s: float, tempo: float, now: float) -> None:
        """It has got its voice, which lasts `duration_s` at the `tempo` that was asked for."""
        took_s = now - (now if self._making_since_s is None else self._making_since_s)
        self._learn(len(self._waiting[0].text) / (duration_s * tempo), took_s / duration_s)
        self._made_s = duration_s

    def leave(self) -> None:
        """The oldest is with playout, or skipped."""
        self._waiting.popleft()
        self._making_since_s = self._made_s = None

    def playing_until(self, at_s: float) -> None:
        """Clock: so long will what playout has got last."""
        self._playing_until_s = at_s

    def estimated_s(self, text: str, tempo: float) -> float:
        """How long `text` will last."""
        return len(text) / (self._characters_per_s * tempo)

    def making_s(self, text: str, tempo: float) -> float:
        """How long its making will take."""
        return self._making_share * self.estimated_s(text, tempo)

    def schedule(self, now: float, tempo: float) -> list[tuple[Clause, float]]:
        """Clock: when each of `waiting` begins to play."""
        return [(clause, begins_at_s) for clause, begins_at_s, _ in self._turns(now, tempo)]

    def busy_until_s(self, now: float, tempo: float) -> float:
        """Clock: when the voice falls silent if nothing is added; in the past if it is silent already."""
        turns = self._turns(now, tempo)
        return turns[-1][2] if turns else self._playing_until_s

    def _turns(self, now: float, tempo: float) -> list[tuple[Clause, float, float]]:
        """Clock: when each of `waiting` begins and ends."""
        ready_s = now if self._making_since_s is None else self._making_since_s
        free_s = max(now, self._playing_until_s)
        turns: list[tuple[Clause, float, float]] = []
        for clause in self._waiting:
            lasts_s = self.estimated_s(clause.text, tempo)
            if self._made_s is not None and not turns:
                lasts_s = self._made_s
            else:
                ready_s = max(now, ready_s + self.making_s(clause.text, tempo))
            begins_s = max(free_s, ready_s)
            free_s = begins_s + lasts_s
            turns.append((clause, begins_s, free_s))
        return turns

    def _learn(self, characters_per_s: float, making_share: float) -> None:
        self._characters_per_s += _LEARNING * (characters_per_s - self._characters_per_s)
        self._making_share += _LEARNING * (making_share - self._making_share)
