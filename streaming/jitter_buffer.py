"""RTP packets back in their order, without delay where none is missing (RFC 3550, appendix A.1).

Nothing is played from here, so nothing is held back for evenness: a packet that is next in order leaves at once. One
that is missing is waited for until so many later ones have come that it is lost; then all that waited leaves together,
and no delay remains. What was lost is a hole in the timestamps of what leaves; who takes it fills it.
"""

from __future__ import annotations

from typing import Generic, TypeVar

T = TypeVar("T")

OVERTAKEN_BY = 4
"""Packets after it make a missing one lost: 80 ms of speech, since jitter of 60 ms lets three overtake. TCP has 3."""

_MAX_DROPOUT = 3000
_MAX_MISORDER = 100
"""As in RFC 3550: packets, forwards and back, beyond which a sequence number is of another run."""

_CYCLE = 1 << 16


class JitterBuffer(Generic[T]):
    """Takes items as they come, with their 16-bit sequence numbers, and gives them in order, each once."""

    def __init__(self) -> None:
        self.lost = 0
        """never came, or too late"""
        self.refused = 0
        """duplicates, and those that came when they were already lost"""
        self._next: int | None = None
        self._newest = 0
        self._restart_at: int | None = None
        self._waiting: dict[int, T] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def push(self, sequence: int, item: T) -> list[T]:
        """What leaves now."""
        if self._next is None:
            self._next = sequence
        ahead = _distance(self._next, sequence)
        if not -_MAX_MISORDER <= ahead <= _MAX_DROPOUT:
            return self._restart(sequence, item)
        self._restart_at = None
        if ahead < 0 or sequence in self._waiting:
            self.refused += 1
            return []
        if not self._waiting or _distance(self._newest, sequence) > 0:
            self._newest = sequence
        self._waiting[sequence] = item
        return self._due()

    def flush(self) -> list[T]:
        """All that waits, in order: the run has ended. The next item begins a new one."""
        first = self._next or 0
        rest = [self._waiting[sequence] for sequence in sorted(self._waiting, key=lambda each: (each - first) % _CYCLE)]
        self._waiting.clear()
        self._next = None
        return rest

    def _restart(self, sequence: int, item: T) -> list[T]:
        """Two that follow each other are a sender that began anew; a single one is a stray."""
        if sequence != self._restart_at:
            self._restart_at = (sequence + 1) % _CYCLE
            self.refused += 1
            return []
        return [*self.flush(), *self.push(sequence, item)]

    def _due(self) -> list[T]:
        assert self._next is not None
        due = []
        while self._waiting:
            if self._next in self._waiting:
                due.append(self._waiting.pop(self._next))
            elif _distance(self._next, self._newest) < OVERTAKEN_BY:
                break
            else:
                self.lost += 1
            self._next = (self._next + 1) % _CYCLE
        return due


def _distance(start: int, end: int) -> int:
    """How many steps forward, or back if negative, whichever is nearer."""
    return (end - start + _CYCLE // 2) % _CYCLE - _CYCLE // 2
