"""Input speech for the tests, made at run time by the shipped voices: seeded disfluencies, pauses and noise."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile

from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.items import Samples
from tts.voices import Voices

ENGLISH = (
    "Good morning everyone, and thank you for coming to the meeting.",
    "Today we want to talk about the new hospital in the city.",
    "The doctors need more water and more medicine for the children.",
    "The government will build the school before the end of the year.",
    "My brother works in a small restaurant near the beach.",
    "We have to decide tomorrow whether we buy the house.",
)
PORTUGUESE = (
    "Bom dia a todos e obrigado por terem vindo à reunião.",
    "Hoje queremos falar sobre o novo hospital da cidade.",
    "Os médicos precisam de mais água e de mais remédios para as crianças.",
    "O governo vai construir a escola antes do fim do ano.",
    "Meu irmão trabalha em um pequeno restaurante perto da praia.",
    "Amanhã temos que decidir se compramos a casa.",
)

HEARD_IN = {
    "pt": ("reuni", "hospital", "cidade", "médic", "água", "crianças", "governo", "escola", "irmão", "restaurante",
           "praia", "casa"),
    "en": ("meeting", "hospital", "city", "doctors", "water", "children", "government", "school", "brother",
           "restaurant", "beach", "house"),
}  # fmt: skip
"""Words of the expected translation of the two talks; each must be heard for its sentence to have come through."""

HALF = 3
"""of each talk's sentences, where real time passes"""
_HEARD_IN_HALF = {language: words[:6] for language, words in HEARD_IN.items()}


_FILLERS = {"en": "Uh, ", "pt": "É, "}
_SOURCE_GENDER = {"en": "male", "pt": "female"}
"""Piper speaks English, Kokoro Portuguese."""


def disfluent(sentence: str, language: str, rng: random.Random) -> str:
    """Sometimes a filled pause before the sentence, sometimes its first word twice."""
    if rng.random() < 0.3:
        return _FILLERS[language] + sentence[0].lower() + sentence[1:]
    if rng.random() < 0.2:
        first = sentence.split()[0].rstrip(",.")
        return f"{first}, {sentence[0].lower()}{sentence[1:]}"
    return sentence


def talk(voices: Voices, sentences: Sequence[str], language: str, *, seed: int, fluent: bool = False) -> Samples:
    """The sentences as one talk, 16 kHz: a second of silence, natural pauses, room noise 40 dB below the speech."""
    rng = random.Random(seed)
    noise = np.random.default_rng(seed)
    voice = voices.choose(language, _SOURCE_GENDER[language])
    parts = [np.zeros(SPEECH_RATE_HZ, np.float32)]
    for sentence in sentences:
        text = sentence if fluent else disfluent(sentence, language, rng)
        request = voice.request(text, language, tempo=1.0, sentence_end=True)
        parts += [voice.model.run([request])[0], np.zeros(int(rng.uniform(0.4, 1.0) * SPEECH_RATE_HZ), np.float32)]
    speech = resample(np.concatenate([*parts, np.zeros(SPEECH_RATE_HZ, np.float32)]), SPEECH_RATE_HZ, ASR_RATE_HZ)
    return speech + noise.normal(0, 0.0007, len(speech)).astype(np.float32)


def write_wav(path: Path, samples: Samples) -> Path:
    """16 kHz, 16-bit."""
    soundfile.write(path, samples, ASR_RATE_HZ, subtype="PCM_16")
    return path


def share_heard(text: str, language: str) -> float:
    """How many of the expected words are in the text, as a share."""
    return _share(HEARD_IN[language], text)


def share_of_half_heard(text: str, language: str) -> float:
    return _share(_HEARD_IN_HALF[language], text)


def _share(words: Sequence[str], text: str) -> float:
    return sum(word in text for word in words) / len(words)
