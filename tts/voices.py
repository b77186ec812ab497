"""Which voice speaks a language: the best that is on this machine, eSpeak NG where there is no other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from streaming.engine import Model
from streaming.items import Samples
from tts.espeak import Espeak, EspeakModel
from tts.kokoro import KokoroModel
from tts.piper import PiperModel
from tts.synthesis import SynthesizeRequest

Gender = Literal["female", "male"]

SynthesisModel = Model[SynthesizeRequest, Samples]

_KOKORO = {
    ("pt", "female"): "pf_dora",
    ("pt", "male"): "pm_alex",
    ("en", "female"): "af_heart",
    ("en", "male"): "am_michael",
}
_ESPEAK_VARIANT = {"female": "+f3", "male": "+m3"}


@dataclass(frozen=True, slots=True)
class Voice:
    """A model, and the name under which it knows the voice."""

    model: SynthesisModel
    name: str

    def request(self, text: str, language: str, *, tempo: float, sentence_end: bool) -> SynthesizeRequest:
        return SynthesizeRequest(text, language, self.name, tempo, sentence_end)


class Voices:
    """The synthesis models of this machine."""

    def __init__(
        self, espeak: Espeak, *, kokoro: KokoroModel | None = None, english_piper: PiperModel | None = None
    ) -> None:
        self._espeak = espeak
        self._espeak_model = EspeakModel(espeak)
        self._kokoro = kokoro
        self._english_piper = english_piper

    def choose(self, language: str, gender: str | None = None) -> Voice:
        """The voice for a language tag; without a gender the cheapest natural one.

        Raises UnsupportedLanguage if not even eSpeak NG speaks the language.
        """
        primary = language.split("-")[0].lower()
        if primary == "en" and gender != "female" and self._english_piper is not None:
            return Voice(self._english_piper, self._english_piper.name)
        name = _KOKORO.get((primary, gender or "female"))
        if self._kokoro is not None and name in self._kokoro.voices:
            return Voice(self._kokoro, name)
        variant = _ESPEAK_VARIANT.get(gender or "female", "")
        return Voice(self._espeak_model, self._espeak.voice_for(language) + variant)
