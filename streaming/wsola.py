"""Waveform-similarity overlap-add: speech played faster at its own pitch (WSOLA, Verhelst and Roelands 1993)."""

from __future__ import annotations

import math

import numpy as np

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

HOP = SPEECH_RATE_HZ * 10 // 1000
"""What is written at once, and over which one place of the input is faded into another."""
WINDOW = 2 * HOP
"""What must look alike at both places: two overlapping halves, as in the paper. 20 ms hold a period of the lowest
voices, two of most."""
TOLERANCE = 3 * HOP // 4
"""How far the output may be from where the speed alone would have it. The search covers twice that: 15 ms, a period of
the lowest voice (67 Hz), so that a voiced sound always has a place in phase. On two sentences of a Piper voice at 1.25,
the mismatch (1 - correlation) of all splices together was twice as large with 5 ms, and a tenth smaller with 10."""

_FADE_IN = (0.5 - 0.5 * np.cos(np.pi * (np.arange(HOP) + 0.5) / HOP)).astype(np.float32)
_FADE_OUT = _FADE_IN[::-1]
_NOTHING = np.zeros(0, np.float32)


class Wsola:
    """One piece of speech, pushed in blocks of any size, then flushed; the joined output depends on no block's size.

    At speed 1.0 every sample comes out at once and unchanged. Above it, up to 38 ms of input are held back (at 1.25),
    because a place to go on from is sought ahead. Each change of the place is faded, so the speed may change with any
    block. At 1.25 it takes 0.1 % of one core (10 s of noise in 8 ms).
    """

    def __init__(self) -> None:
        self._held = _NOTHING
        """the input from where the output would go on by itself"""
        self._late = 0.0
        """how many samples of input further the speed alone would be"""

    @property
    def held(self) -> int:
        """Samples of input that are not in the output yet."""
        return len(self._held)

    def push(self, samples: Samples, speed: float) -> Samples:
        """What can be said of the output so far, shape (about n / `speed`,); `speed` is 1.0 to 2.0."""
        self._held = np.concatenate([self._held, samples])
        if speed == 1.0:
            return self.flush()
        steps = [_NOTHING]
        while (step := self._step(speed)) is not None:
            steps.append(step)
        return np.concatenate(steps)

    def flush(self) -> Samples:
        """What was held back, unchanged."""
        return self._take(self.held)

    def _step(self, speed: float) -> Samples | None:
        """The next `HOP` samples of the output; None if more input is needed for them."""
        late = self._late + HOP * (speed - 1)
        if late <= TOLERANCE:
            # What follows by itself is within the search, and nothing is more similar to it than itself.
            if self.held < HOP:
                return None
            self._late = late
            return self._take(HOP)
        nearest, furthest = math.ceil(late - TOLERANCE), math.floor(late + TOLERANCE)
        if self.held < furthest + WINDOW:
            return None
        skip = nearest + most_similar(self._held[:WINDOW], self._held[nearest : furthest + WINDOW])
        self._late = late - skip
        before = self._take(HOP + skip)
        return before[:HOP] * _FADE_OUT + before[skip:] * _FADE_IN

    def _take(self, count: int) -> Samples:
        taken, self._held = self._held[:count], self._held[count:]
        return taken


def most_similar(pattern: Samples, region: Samples) -> int:
    """Where in `region` the samples are most like `pattern`: the largest normalised cross-correlation."""
    correlation = np.correlate(region, pattern, "valid")
    energy = np.concatenate([[0.0], np.cumsum(np.square(region, dtype=np.float64))])
    energy = energy[len(pattern) :] - energy[: -len(pattern)]
    return int(np.argmax(correlation / np.sqrt(energy + 1e-9)))  # the small term: silence is like nothing
