"""Music without a voice, synthesised: chords, a melody, plucked strings, drums.

The strings are those of Karplus & Strong 1983.
"""

from __future__ import annotations

import numpy as np

from bench.synthesis import Wave, burst, put, silence, time_s, unit
from streaming.audio import ASR_RATE_HZ

_SCALE_HZ = 220.0 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12]) / 12)
_CHORDS = ((0, 4, 7), (9, 12, 16), (5, 9, 12), (7, 11, 14))
"""semitones: I, vi, IV, V"""


def chords(seconds: float, rng: np.random.Generator) -> Wave:
    """An organ: four chords in turn, six harmonics a note, vibrato at 5 to 7 Hz."""
    wave, beat_s = silence(seconds), rng.uniform(0.8, 2.0)
    vibrato_hz, root_hz = rng.uniform(5, 7), rng.uniform(110, 220)
    for place, start_s in enumerate(np.arange(0, seconds, beat_s)):
        for semitones in _CHORDS[place % len(_CHORDS)]:
            phase = 2 * np.pi * root_hz * 2 ** (semitones / 12) * time_s(beat_s)
            phase += 0.2 * np.sin(2 * np.pi * vibrato_hz * time_s(beat_s))
            tone = sum(np.sin(order * phase) / order for order in range(1, 7))
            put(wave, np.asarray(tone) * np.sin(np.pi * time_s(beat_s) / beat_s) ** 0.5, start_s)
    return unit(wave)


def melody(seconds: float, rng: np.random.Generator) -> Wave:
    """A wind instrument: tones of a scale with a soft attack and brightness that follows the loudness."""
    wave, start_s = silence(seconds), 0.0
    while start_s < seconds:
        length_s = rng.choice((0.2, 0.4, 0.8))
        at_s, pitch_hz = time_s(length_s), rng.choice(_SCALE_HZ) * rng.choice((1, 2))
        envelope = np.minimum(at_s / 0.05, 1) * np.exp(-2 * at_s / length_s)
        phase = 2 * np.pi * pitch_hz * at_s + 0.15 * np.sin(2 * np.pi * 5.5 * at_s)
        put(wave, sum(envelope**order * np.sin(order * phase) / order for order in range(1, 9)), start_s)
        start_s += length_s
    return unit(wave)


def strings(seconds: float, rng: np.random.Generator) -> Wave:
    """Plucked: noise that goes round a delay line and loses its treble."""
    wave = silence(seconds)
    for start_s in np.arange(0, seconds, rng.uniform(0.15, 0.4)):
        period = int(ASR_RATE_HZ / rng.choice(_SCALE_HZ))
        line, rounds = rng.uniform(-1, 1, period), []
        for _ in range(int(1.5 * ASR_RATE_HZ / period)):
            rounds.append(line)
            line = 0.498 * (line + np.roll(line, 1))
        put(wave, np.concatenate(rounds), start_s)
    return unit(wave)


def drums(seconds: float, rng: np.random.Generator) -> Wave:
    """Kick, snare and hi-hat in four-four time."""
    wave, beat_s = silence(seconds), rng.uniform(0.2, 0.35)
    kick = np.sin(2 * np.pi * (50 * time_s(0.3) - 8 * np.exp(-30 * time_s(0.3)))) * np.exp(-12 * time_s(0.3))
    for beat, start_s in enumerate(np.arange(0, seconds, beat_s)):
        put(wave, 0.2 * burst(0.05, 80, rng, lambda hz: hz / 8000), start_s)
        if beat % 4 == 0:
            put(wave, 3 * kick, start_s)
        if beat % 4 == 2:
            put(wave, burst(0.2, 20, rng, lambda hz: 1 / (1 + (hz / 3000) ** 2)), start_s)
    return unit(wave)
