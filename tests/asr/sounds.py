"""Audio for the tests that no model has spoken: silence, noise, hum, and a buzz that Silero takes for a voice."""

from __future__ import annotations

import itertools

import numpy as np

from streaming.audio import ASR_RATE_HZ
from streaming.items import AudioChunk, Samples


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * ASR_RATE_HZ), np.float32)


def noise(seconds: float, *, level: float = 0.05, seed: int = 1) -> Samples:
    generator = np.random.default_rng(seed)
    return (level * generator.standard_normal(int(seconds * ASR_RATE_HZ))).astype(np.float32)


def hum(seconds: float, *, level: float = 0.1) -> Samples:
    """Mains hum at 50 Hz with its first odd harmonics."""
    at_s = np.arange(int(seconds * ASR_RATE_HZ)) / ASR_RATE_HZ
    wave = sum(np.sin(2 * np.pi * 50 * odd * at_s) / odd for odd in (1, 3, 5))
    return (level * wave).astype(np.float32)


def vowel(seconds: float, *, pitch_hz: float = 120.0) -> Samples:
    """A glottal pulse train through four formants that move at the pace of syllables."""
    at_s = np.arange(int(seconds * ASR_RATE_HZ)) / ASR_RATE_HZ
    out = np.zeros(len(at_s))
    for harmonic in range(1, 30):
        frequency = harmonic * pitch_hz
        opening = 0.5 + 0.5 * np.sin(2 * np.pi * 4 * at_s)
        formants = (500 + 250 * opening, 1500 - 300 * opening, 2500.0, 3500.0)
        gain = sum(
            np.exp(-(((frequency - formant) / 150) ** 2)) / (order + 1) for order, formant in enumerate(formants)
        )
        out += gain * np.sin(2 * np.pi * frequency * at_s * (1 + 0.002 * np.sin(2 * np.pi * 5 * at_s)))
    out *= 0.4 + 0.6 * np.abs(np.sin(2 * np.pi * 3 * at_s))
    return (0.3 * out / np.max(np.abs(out))).astype(np.float32)


def chunks(samples: Samples, *, length: int = 320, start: int = 0) -> list[AudioChunk]:
    """A stream as it comes in."""
    return [AudioChunk(samples[at : at + length], start + at) for at in range(0, len(samples), length)]


def cut(samples: Samples, places: list[int]) -> list[AudioChunk]:
    """The stream cut at these places (any order, any number)."""
    edges = sorted({0, len(samples), *(place % (len(samples) + 1) for place in places)})
    return [AudioChunk(samples[left:right], left) for left, right in itertools.pairwise(edges)]
