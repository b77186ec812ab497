"""Makes the clauses of all voices fit together: silence trimmed, edges faded, equal level.

The level is the mean power of the active frames, as in ITU-T P.56 (here with a fixed gate instead of its envelope).
"""

from __future__ import annotations

import numpy as np

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

ACTIVE_LEVEL_DBFS = -21.0
"""Active speech level: a choice, 5 dB above telephony's -26 dBov, to be heard beside a recording's original sound."""
PEAK = 0.94
"""No sample goes above this (-0.5 dBFS): a choice, so that a lossy codec behind it has room to overshoot."""
KEEP_BEFORE_MS = 30
KEEP_AFTER_MS = 40
"""Silence left at the edges: with 10 ms before, Whisper lost the first sound of more clauses (m, o) than with 30."""
FADE_MS = 5
"""A choice: shorter than any sound of speech."""

_FRAME_MS = 5
"""A choice: the edges are found to this precision."""
_SILENCE_DB = -48.0
"""Below the loudest frame: the voices are at -60 to -90 before and after they speak, weak consonants at -30 to -40."""
_ACTIVE_DB = -25.0
"""Below the loudest frame: an estimate of what is speech and not the pauses between words."""


def master(samples: Samples, rate_hz: int = SPEECH_RATE_HZ) -> Samples:
    """Trimmed, faded and levelled. Empty if there is no sound in it."""
    trimmed = trim(samples, rate_hz)
    if len(trimmed) == 0:
        return trimmed
    return fade(level(trimmed, rate_hz), rate_hz)


def trim(samples: Samples, rate_hz: int) -> Samples:
    """Without the silence around, up to `KEEP_BEFORE_MS` and `KEEP_AFTER_MS` of it."""
    power = _frame_power(samples, rate_hz)
    loudest = power.max(initial=0.0)
    if loudest < 1e-8:  # -80 dBFS
        return np.zeros(0, np.float32)
    sounding = np.flatnonzero(power > loudest * 10 ** (_SILENCE_DB / 10))
    frame = rate_hz * _FRAME_MS // 1000
    start = sounding[0] * frame - rate_hz * KEEP_BEFORE_MS // 1000
    end = (sounding[-1] + 1) * frame + rate_hz * KEEP_AFTER_MS // 1000
    return samples[max(0, start) : end]


def level(samples: Samples, rate_hz: int) -> Samples:
    """At `ACTIVE_LEVEL_DBFS`, or as near as `PEAK` allows."""
    power = _frame_power(samples, rate_hz)
    loudest = power.max(initial=0.0)
    if loudest == 0.0:
        return samples
    active = power[power > loudest * 10 ** (_ACTIVE_DB / 10)].mean()
    gain = np.sqrt(10 ** (ACTIVE_LEVEL_DBFS / 10) / active)
    return (samples * min(gain, PEAK / np.abs(samples).max())).astype(np.float32)


def fade(samples: Samples, rate_hz: int) -> Samples:
    """From and to zero over `FADE_MS`, so that no edge clicks."""
    length = min(rate_hz * FADE_MS // 1000, len(samples) // 2)
    ramp = np.linspace(0.0, 1.0, length, endpoint=False, dtype=np.float32)
    faded = samples.copy()
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return faded


def _frame_power(samples: Samples, rate_hz: int) -> np.ndarray:
    """Mean power of each whole frame, and of a last short one."""
    frame = rate_hz * _FRAME_MS // 1000
    padded = np.pad(samples, (0, -len(samples) % frame))
    return np.mean(padded.reshape(-1, frame) ** 2, axis=1)
