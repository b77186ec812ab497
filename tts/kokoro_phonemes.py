"""Text into the phoneme alphabet that Kokoro was trained on: eSpeak's IPA with its own letters for some sounds.

The letters are those of Kokoro's `vocab.json`; which sound each stands for is listed in the misaki project's
`EN_PHONES.md`.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from streaming.language import primary
from tts.espeak import TIE, Espeak

PUNCTUATION = re.compile(r"([;:,.!?…—]+)(?=\s|$)")
_UNSPOKEN = re.compile(r"[\"“”«»()\[\]{}*_|<>~^]")

_TIED = {
    "t^ʃ": "ʧ",
    "d^ʒ": "ʤ",
    "t^s": "ʦ",
    "d^z": "ʣ",
}
"""Affricates are single letters in every language."""

_ENGLISH = {
    "e^ɪ": "A",
    "a^ɪ": "I",
    "o^ʊ": "O",
    "a^ʊ": "W",
    "ɔ^ɪ": "Y",
    "ə^l": "ᵊl",
    "ɜːɹ": "ɜɹ",
    "ɜː": "ɜɹ",
    "ɚɹ": "əɹ",
    "ɚ": "əɹ",
    "ɐ": "ə",
    "n̩": "ᵊn",
    "l̩": "ᵊl",
    "ʔ": "t",
    "r": "ɹ",
    "x": "k",
    "ː": "",
}
"""American diphthongs are single capitals, r-coloured vowels are written out and length is not written."""


class KokoroPhonemes:
    """Phonemises with eSpeak and writes the result in Kokoro's alphabet."""

    def __init__(self, espeak: Espeak, alphabet: Collection[str]) -> None:
        self._espeak = espeak
        self._alphabet = frozenset(alphabet)

    def of(self, text: str, language: str) -> str:
        """Phonemes of `text`, its punctuation kept in place; nothing in it is outside the alphabet."""
        english = primary(language) == "en"
        voice = self._espeak.voice_for(language)
        pieces = PUNCTUATION.split(_UNSPOKEN.sub(" ", text))
        spoken = []
        for piece, mark in zip(pieces[::2], [*pieces[1::2], ""], strict=True):
            phonemes = rewrite(self._espeak.phonemes(piece, voice), english=english) if piece.strip() else ""
            spoken.append(phonemes + mark[:1])
        joined = " ".join(part for part in spoken if part)
        return "".join(letter for letter in joined if letter in self._alphabet)


def rewrite(ipa: str, *, english: bool) -> str:
    """eSpeak's IPA (with ties) in Kokoro's letters."""
    for sound, letter in (_TIED | _ENGLISH if english else _TIED).items():
        ipa = ipa.replace(sound, letter)
    return ipa.replace("tʃ", "ʧ").replace("dʒ", "ʤ").replace("g", "ɡ").replace(TIE, "").replace("-", "")
