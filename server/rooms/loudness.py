"""Whether somebody is speaking, from the level of their microphone: for the eyes of the others, not for recognition."""

from __future__ import annotations

import numpy as np

from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

_LOUD = 0.01
"""-40 dBFS: above the noise of a quiet room, below a voice."""

_HOLD = int(0.7 * ASR_RATE_HZ)
"""Longer than the gaps between words, so that the sign doesn't flicker."""


class Loudness:
    """Told of a microphone's chunks at 16 kHz."""

    def __init__(self) -> None:
        self._quiet_for = _HOLD

    def push(self, samples: Samples) -> bool:
        """Whether they speak, or did a moment ago."""
        loud = len(samples) > 0 and float(np.sqrt(np.mean(np.square(samples)))) > _LOUD
        self._quiet_for = 0 if loud else self._quiet_for + len(samples)
        return self._quiet_for < _HOLD
