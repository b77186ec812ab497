"""When each moment of the source was captured: turns a position in the stream into a time on the clock.

A stream's positions and the clock run apart: a client may pause, send in bursts or faster than real time. The ear-voice
span and all ages are measured against the capture time, so they never count a speaker's own pause as our delay.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque

_SAME_OFFSET_S = 0.005
"""Chunks that arrive this steadily share one entry, so the log grows only where the stream's pace changes."""

_MAX_ENTRIES = 4096
"""Bounds the log of a stream whose pace keeps changing; a position of the far past then takes the oldest entry."""


class CaptureLog:
    """Grows with the stream, answers for any position that was pushed."""

    def __init__(self) -> None:
        self._ends_s: deque[float] = deque(maxlen=_MAX_ENTRIES)
        self._offsets_s: deque[float] = deque(maxlen=_MAX_ENTRIES)

    def push(self, end_s: float, at_s: float) -> None:
        """The stream up to position `end_s` had arrived at `at_s` on the clock."""
        offset = at_s - end_s
        if self._offsets_s and abs(self._offsets_s[-1] - offset) < _SAME_OFFSET_S:
            self._ends_s[-1] = end_s
            return
        self._ends_s.append(end_s)
        self._offsets_s.append(offset)

    def captured_at(self, position_s: float) -> float:
        """Clock time at which the source at `position_s` was spoken into the microphone. Raises IndexError if empty."""
        index = min(bisect_left(self._ends_s, position_s), len(self._ends_s) - 1)
        return min(position_s, self._ends_s[-1]) + self._offsets_s[index]
