"""What a microphone hears when nobody speaks, synthesised: room noise, machines, music, hands, breath.

Each sound is a pure function of its length and a seeded generator; `stream` plays it at changing levels, with fades and
pauses. Nothing here is a voice, so whatever a recogniser writes down was invented.

Recipes: Peltola et al. 2007 (hand claps: noise through one resonance), Korpáš et al. 1996 (the phases of a cough),
Dreschler et al. 2001 (noise with the spectrum and rhythm of speech), ITU-T E.180 (ringing tone) and Q.23 (dialling).
"""

from __future__ import annotations

import zlib

import numpy as np

from bench.music import chords, drums, melody, strings
from bench.synthesis import Sound, Wave, burst, gain, noise, put, silence, time_s, unit
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

_DIAL_HZ = ((697, 770, 852, 941), (1209, 1336, 1477))
_FLOOR_DB = -70.0
"""of the room under every sound, dBFS"""
_STRETCH_S = (4.0, 12.0)
_PAUSE_S = (0.5, 3.0)
_FADE_S = (0.02, 1.5)


def white(seconds: float, rng: np.random.Generator) -> Wave:
    return noise(seconds, rng, np.ones_like)


def pink(seconds: float, rng: np.random.Generator) -> Wave:
    """3 dB less an octave."""
    return noise(seconds, rng, lambda hz: 1 / np.sqrt(hz))


def hum(seconds: float, rng: np.random.Generator) -> Wave:
    """Mains at 50 or 60 Hz with harmonics, the even ones (transformers) strongest."""
    base = float(rng.choice((50, 60)))
    parts = [
        rng.uniform(0.3, 1) * (2 if order % 2 == 0 else 1) / order * np.sin(2 * np.pi * order * base * time_s(seconds))
        for order in range(1, 16)
    ]
    return unit(np.sum(parts, axis=0))


def ventilation(seconds: float, rng: np.random.Generator) -> Wave:
    """Rushing air, and the tone of blades that pass, wavering."""
    blades_hz = rng.uniform(80, 240)
    waver = 1 + 0.004 * np.sin(2 * np.pi * rng.uniform(0.2, 1) * time_s(seconds))
    tones = sum(np.sin(2 * np.pi * order * blades_hz * np.cumsum(waver) / ASR_RATE_HZ) / order for order in (1, 2, 3))
    return unit(noise(seconds, rng, lambda hz: 1 / (1 + (hz / 400) ** 2)) + 0.3 * np.asarray(tones))


def typing(seconds: float, rng: np.random.Generator) -> Wave:
    """Each key a click when pressed and a softer one when let go; words of keys with pauses."""
    wave, start_s = silence(seconds), 0.0
    while start_s < seconds:
        peak_hz = rng.uniform(1500, 4000)
        for after_s, loudness in ((0.0, 1.0), (rng.uniform(0.05, 0.1), 0.4)):
            click = burst(0.03, 250, rng, lambda hz: np.exp(-(((hz - peak_hz) / 1500) ** 2)))  # noqa: B023
            put(wave, loudness * rng.uniform(0.5, 1) * click, start_s + after_s)
        start_s += rng.uniform(0.08, 0.25) if rng.random() < 0.85 else rng.uniform(0.4, 1.5)
    return unit(wave)


def breathing(seconds: float, rng: np.random.Generator) -> Wave:
    """12 to 20 breaths a minute close to the microphone, in brighter and shorter than out."""
    wave, breath_s = silence(seconds), 60 / rng.uniform(12, 20)
    for start_s in np.arange(0, seconds, breath_s):
        for after, share, peak_hz in ((0.0, 0.35, rng.uniform(1200, 1800)), (0.45, 0.45, rng.uniform(500, 900))):
            length_s = share * breath_s
            air = noise(length_s, rng, lambda hz: np.exp(-((np.log2(hz / peak_hz)) ** 2)))  # noqa: B023
            put(wave, air * np.sin(np.pi * time_s(length_s) / length_s) ** 2, start_s + after * breath_s)
    return unit(wave)


def applause(seconds: float, rng: np.random.Generator) -> Wave:
    """Some tens of people who clap, each at a rate and with a resonance of their own."""
    wave = silence(seconds)
    for _ in range(rng.integers(5, 40)):
        every_s, peak_hz, loudness = rng.uniform(0.2, 0.4), rng.uniform(600, 2200), rng.uniform(0.2, 1)
        for start_s in np.arange(rng.uniform(0, every_s), seconds, every_s):
            clap = burst(0.04, 120, rng, lambda hz: np.exp(-(((hz - peak_hz) / 700) ** 2)))  # noqa: B023
            put(wave, loudness * clap, max(0.0, start_s + rng.normal(0, 0.02)))
    return unit(wave)


def knocks(seconds: float, rng: np.random.Generator) -> Wave:
    """Two to five knocks on wood, or a door that slams: damped modes and a dull thud."""
    wave, start_s = silence(seconds), 0.0
    while start_s < seconds:
        slams = rng.random() < 0.3
        modes_hz, decay = rng.uniform(60, 600, 5), 8 if slams else 40
        for knock in range(1 if slams else rng.integers(2, 6)):
            ring = sum(np.sin(2 * np.pi * hz * time_s(0.5)) * np.exp(-decay * time_s(0.5)) for hz in modes_hz)
            thud = burst(0.5, decay, rng, lambda hz: 1 / (1 + (hz / 500) ** 2))
            put(wave, ring + 2 * thud, start_s + 0.2 * knock)
        start_s += rng.uniform(1.5, 4)
    return unit(wave)


def coughs(seconds: float, rng: np.random.Generator) -> Wave:
    """An explosive burst, then turbulent air that fades; one to three in a row."""
    wave, start_s = silence(seconds), 0.0
    while start_s < seconds:
        for cough in range(rng.integers(1, 4)):
            length_s = rng.uniform(0.25, 0.4)
            blast = burst(0.05, 60, rng, lambda hz: np.exp(-(((hz - 800) / 900) ** 2)))
            air = noise(length_s, rng, lambda hz: np.exp(-(((hz - 1500) / 1800) ** 2)))
            put(wave, 4 * blast, start_s + 0.45 * cough)
            put(wave, air * np.exp(-8 * time_s(length_s)), start_s + 0.45 * cough + 0.03)
        start_s += rng.uniform(2, 5)
    return unit(wave)


def street(seconds: float, rng: np.random.Generator) -> Wave:
    """Rumble of distant traffic, cars that pass with tyre noise and an engine's firing rate."""
    wave = 0.5 * noise(seconds, rng, lambda hz: 1 / (1 + (hz / 60) ** 2))
    for passes_s in np.arange(rng.uniform(0, 3), seconds, rng.uniform(3, 6)):
        near = np.exp(-(((time_s(seconds) - passes_s) / rng.uniform(0.8, 2)) ** 2))
        engine_hz = rng.uniform(40, 90) * (1 - 0.05 * np.tanh(time_s(seconds) - passes_s))
        engine = sum(np.sin(2 * np.pi * order * np.cumsum(engine_hz) / ASR_RATE_HZ) / order for order in range(1, 12))
        wave = wave + near * (noise(seconds, rng, lambda hz: np.exp(-(((hz - 900) / 700) ** 2))) + 0.5 * engine)
    return unit(wave)


def beeps(seconds: float, rng: np.random.Generator) -> Wave:
    """A ringing tone, a number that is dialled, a ring of two alternating tones, an alarm."""
    wave, start_s = silence(seconds), 0.0
    while start_s < seconds:
        match rng.integers(4):
            case 0:
                tones: list[tuple[tuple[float, ...], float]] = [((425.0,), 1.0)]
            case 1:
                tones = [((rng.choice(_DIAL_HZ[0]), rng.choice(_DIAL_HZ[1])), 0.12) for _ in range(9)]
            case 2:
                tones = [((hz,), 0.05) for hz in (1100.0, 1400.0) * 10]
            case _:
                tones = [((2000.0, 4000.0), 0.15) for _ in range(4)]
        for frequencies, length_s in tones:
            put(wave, np.sum([np.sin(2 * np.pi * hz * time_s(length_s)) for hz in frequencies], axis=0), start_s)
            start_s += length_s * rng.choice((1.0, 1.5))
        start_s += rng.uniform(0.5, 3)
    return unit(wave)


def crowd(seconds: float, rng: np.random.Generator) -> Wave:
    """What a crowd sounds like through a wall: speech's long-term spectrum and its rhythm of syllables, no voice."""
    wave = silence(seconds)
    for band_hz, level in ((300.0, 1.0), (900.0, 0.6), (2200.0, 0.3)):
        rhythm = np.maximum(0, noise(seconds, rng, lambda hz: hz / (1 + (hz / 4) ** 3)) + 0.5)
        wave += level * rhythm * noise(seconds, rng, lambda hz: np.exp(-(((hz - band_hz) / band_hz) ** 2)))  # noqa: B023
    return unit(wave)


def barks(seconds: float, rng: np.random.Generator) -> Wave:
    """A dog: short tones that rise and fall, rough, through two formants."""
    wave, start_s = silence(seconds), 0.0
    while start_s < seconds:
        pitch_hz, length_s = rng.uniform(350, 700), rng.uniform(0.12, 0.25)
        for bark in range(rng.integers(1, 5)):
            arch = np.sin(np.pi * time_s(length_s) / length_s)
            phase = 2 * np.pi * np.cumsum(pitch_hz * (0.8 + 0.4 * arch)) / ASR_RATE_HZ
            tone = sum(
                (np.exp(-(((order * pitch_hz - 900) / 500) ** 2)) + 0.3 / order) * np.sin(order * phase)
                for order in range(1, 12)
            )
            put(wave, arch * (np.asarray(tone) + 0.2 * noise(length_s, rng, np.ones_like)), start_s + 0.4 * bark)
        start_s += rng.uniform(2, 5)
    return unit(wave)


KINDS: dict[str, tuple[Sound, tuple[float, float]]] = {
    "near silence": (pink, (-65, -55)),
    "white noise": (white, (-60, -20)),
    "pink noise": (pink, (-60, -15)),
    "hum": (hum, (-60, -20)),
    "ventilation": (ventilation, (-55, -25)),
    "chords": (chords, (-45, -15)),
    "melody": (melody, (-45, -15)),
    "strings": (strings, (-45, -15)),
    "drums": (drums, (-45, -15)),
    "typing": (typing, (-55, -25)),
    "breathing": (breathing, (-50, -25)),
    "applause": (applause, (-45, -15)),
    "knocks": (knocks, (-45, -18)),
    "coughs": (coughs, (-40, -18)),
    "barks": (barks, (-40, -18)),
    "crowd": (crowd, (-55, -25)),
    "street": (street, (-50, -20)),
    "beeps": (beeps, (-45, -18)),
}
"""each with the range of its level: root mean square of a stretch, dBFS"""


def stream(kind: str, seconds: float, seed: int) -> Samples:
    """16 kHz mono float32: stretches of this kind with pauses, each at a level of its own, over a quiet room.

    The same kind, length and seed give the same samples. Raises KeyError for an unknown kind.
    """
    rng = np.random.default_rng([seed, zlib.crc32(kind.encode())])
    sound, levels_db = KINDS[kind]
    wave = gain(_FLOOR_DB) * pink(seconds, rng)
    start_s = rng.uniform(0, 1)
    while start_s < seconds:
        length_s = min(rng.uniform(*_STRETCH_S), seconds - start_s)
        level, fades_s = gain(rng.uniform(*levels_db)), rng.uniform(*_FADE_S, 2)
        at_s = time_s(length_s)
        fade = np.minimum(1, np.minimum(at_s / fades_s[0], at_s[::-1] / fades_s[1]))
        put(wave, level * fade * sound(length_s, rng), start_s)
        start_s += length_s + rng.uniform(*_PAUSE_S)
    return np.clip(wave, -1, 1).astype(np.float32)
