"""Made voices at the rate of speech: a steady vowel, words between silences, their pitch."""

from __future__ import annotations

import numpy as np

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

WORD_S, GAP_S = 0.15, 0.06


def vowel(pitch_hz: float, seconds: float) -> Samples:
    """Seven harmonics, each weaker than the one below."""
    times_s = np.arange(round(seconds * SPEECH_RATE_HZ)) / SPEECH_RATE_HZ
    harmonics = [np.sin(2 * np.pi * pitch_hz * number * times_s) / number for number in range(1, 8)]
    return (0.2 * np.sum(harmonics, axis=0)).astype(np.float32)


def words(pitches_hz: list[float]) -> Samples:
    """A vowel for each pitch, with silence around."""
    gap = np.zeros(round(GAP_S * SPEECH_RATE_HZ), np.float32)
    pieces = [
        np.concatenate([vowel(pitch_hz, WORD_S) * np.hanning(round(WORD_S * SPEECH_RATE_HZ)), gap])
        for pitch_hz in pitches_hz
    ]
    return np.concatenate([gap, *pieces]).astype(np.float32)


def heard_words(samples: Samples) -> list[Samples]:
    """What is between the silences."""
    loud = np.abs(samples) > 0.01
    frame = SPEECH_RATE_HZ // 100
    active = [bool(loud[at : at + frame].any()) for at in range(0, len(samples), frame)]
    edges = np.flatnonzero(np.diff([False, *active, False]))
    return [samples[begin * frame : end * frame] for begin, end in edges.reshape(-1, 2)]


def pitch_hz(samples: Samples) -> float:
    """The strongest frequency, to half a hertz."""
    size = 2 * SPEECH_RATE_HZ
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), size))
    return float(np.argmax(spectrum)) * SPEECH_RATE_HZ / size


def largest_jump(samples: Samples) -> float:
    """Between neighbouring samples: a click is a jump that the voice itself has not."""
    return float(np.abs(np.diff(samples)).max())
