"""Which voice speaks a language: the best that is on this machine, eSpeak NG where there is no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from streaming.engine import Model
from streaming.items import Samples
from streaming.language import primary
from tts.espeak import Espeak, EspeakModel
from tts.kokoro import KokoroModel
from tts.synthesis import SynthesizeRequest
from tts.xtts import FEMALE, LANGUAGES, MALE, XttsModel

Gender = Literal["female", "male"]
_GENDERS: tuple[Gender, ...] = ("female", "male")

SynthesisModel = Model[SynthesizeRequest, Samples]

_KOKORO: Mapping[tuple[str, Gender], str] = {
    ("pt", "female"): "pf_dora",
    ("pt", "male"): "pm_alex",
    ("en", "female"): "af_heart",
    ("en", "male"): "am_michael",
}
_XTTS: Mapping[Gender, str] = {"female": FEMALE, "male": MALE}
_ESPEAK_VARIANT: Mapping[Gender, str] = {"female": "+f3", "male": "+m3"}


@dataclass(frozen=True, slots=True)
class Voice:
    """A model, and the name under which it knows the voice."""

    model: SynthesisModel
    name: str

    def request(self, text: str, language: str, *, tempo: float, sentence_end: bool) -> SynthesizeRequest:
        return SynthesizeRequest(text, language, self.name, tempo, sentence_end)


class Voices:
    """The synthesis models of this machine; `pipers` by primary language and gender."""

    def __init__(
        self,
        espeak: Espeak,
        *,
        xtts: XttsModel | None = None,
        kokoro: KokoroModel | None = None,
        pipers: Mapping[tuple[str, Gender], SynthesisModel] = MappingProxyType({}),
    ) -> None:
        self._espeak = espeak
        self._espeak_model = EspeakModel(espeak)
        self._xtts = xtts
        self._kokoro = kokoro
        self._pipers = pipers

    def choose(self, language: str, gender: Gender | None = None) -> Voice:
        """The voice for a language tag: XTTS where somebody has loaded it, Piper before Kokoro, since it costs less,
        and eSpeak NG where none of them speaks.

        Without a gender any Piper voice will do, else a female one. Raises UnsupportedLanguage if not even eSpeak NG
        speaks the language.
        """
        spoken = primary(language)
        if self._xtts is not None and spoken in LANGUAGES:
            return Voice(self._xtts, _XTTS[gender or "female"])
        piper = self._piper(spoken, gender)
        if piper is not None:
            return Voice(piper, piper.name)
        name = _KOKORO.get((spoken, gender or "female"))
        if self._kokoro is not None and name in self._kokoro.voices:
            return Voice(self._kokoro, name)
        variant = _ESPEAK_VARIANT[gender or "female"]
        return Voice(self._espeak_model, self._espeak.voice_for(language) + variant)

    def _piper(self, language: str, gender: Gender | None) -> SynthesisModel | None:
        wanted = _GENDERS if gender is None else (gender,)
        return next((self._pipers[language, one] for one in wanted if (language, one) in self._pipers), None)
