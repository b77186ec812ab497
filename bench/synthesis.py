"""The building blocks of synthesised sounds: shaped noise, bursts that die away, mixing in place. 16 kHz, mono."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from streaming.audio import ASR_RATE_HZ

Wave = npt.NDArray[np.float64]
Spectrum = Callable[[Wave], Wave]
"""amplitude at each frequency in Hz"""
Sound = Callable[[float, np.random.Generator], Wave]
"""so many seconds, at a root mean square of 1"""


def time_s(seconds: float) -> Wave:
    """The time of each sample."""
    return np.arange(round(seconds * ASR_RATE_HZ)) / ASR_RATE_HZ


def silence(seconds: float) -> Wave:
    return np.zeros(round(seconds * ASR_RATE_HZ))


def noise(seconds: float, rng: np.random.Generator, spectrum: Spectrum) -> Wave:
    """Gaussian noise of this spectrum."""
    count = round(seconds * ASR_RATE_HZ)
    bins = np.fft.rfft(rng.standard_normal(count))
    bins[0] = 0
    bins[1:] *= spectrum(np.arange(1, len(bins)) * ASR_RATE_HZ / count)
    return unit(np.fft.irfft(bins, count))


def burst(seconds: float, decay: float, rng: np.random.Generator, spectrum: Spectrum) -> Wave:
    """Noise that dies away, `decay` nepers a second."""
    return noise(seconds, rng, spectrum) * np.exp(-decay * time_s(seconds))


def put(wave: Wave, sound: Wave, start_s: float) -> None:
    """Adds `sound` in place, cut where `wave` ends."""
    start = round(start_s * ASR_RATE_HZ)
    wave[start : start + len(sound)] += sound[: max(0, len(wave) - start)]


def unit(wave: Wave) -> Wave:
    """At a root mean square of 1; silence stays silence."""
    return wave / max(float(np.sqrt(np.mean(wave**2))), 1e-12)


def gain(level_db: float) -> float:
    return float(10 ** (level_db / 20))
