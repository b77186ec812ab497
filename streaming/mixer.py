"""Mixes a translation over its original, which is ducked (turned down) while the translation speaks."""

from __future__ import annotations

import itertools

import numpy as np

from streaming.items import Samples

DUCKED_GAIN = 0.2
"""About -14 dB, as in broadcast voice-over: the original stays audible and does not mask the translation."""

_RAMP_S = 0.15
_HOLD_S = 0.4
"""The original fades down and up within a ramp and stays down over the short pauses between clauses."""


class Mixer:
    """Block by block; any blocking of the same input gives the same output."""

    def __init__(self, rate_hz: int, ducked_gain: float = DUCKED_GAIN) -> None:
        self._ducked_gain = ducked_gain
        self._step = (1.0 - ducked_gain) / (_RAMP_S * rate_hz)
        self._hold = int(_HOLD_S * rate_hz)
        self._gain = 1.0
        self._quiet_for = self._hold + 1

    def mix(self, original: Samples, speech: Samples) -> Samples:
        """Both shape (n,) at the same rate; the result is limited to [-1, 1]."""
        return np.clip(original * self._gains(speech) + speech, -1.0, 1.0).astype(np.float32)

    def _gains(self, speech: Samples) -> Samples:
        index = np.arange(len(speech))
        last_loud = np.maximum.accumulate(np.where(speech != 0.0, index, -1))
        quiet_for = np.where(last_loud >= 0, index - last_loud, self._quiet_for + index + 1)
        gains = np.empty(len(speech), np.float32)
        for start, end, ducked in _runs(quiet_for <= self._hold):
            steps = np.arange(1, end - start + 1) * (-self._step if ducked else self._step)
            gains[start:end] = np.clip(self._gain + steps, self._ducked_gain, 1.0)
            self._gain = float(gains[end - 1])
        if len(speech):
            self._quiet_for = int(quiet_for[-1])
        return gains


def _runs(flags: np.ndarray) -> list[tuple[int, int, bool]]:
    """(start, end, value) of each run of equal values."""
    if not len(flags):
        return []
    edges = [0, *(np.flatnonzero(np.diff(flags)) + 1).tolist(), len(flags)]
    return [(start, end, bool(flags[start])) for start, end in itertools.pairwise(edges)]
