"""Which voice speaks a language: the best that is on this machine, eSpeak NG where there is no other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import zip_longest
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

_KOKORO: Mapping[str, Mapping[Gender, tuple[str, ...]]] = {
    "pt": {"female": ("pf_dora",), "male": ("pm_alex", "pm_santa")},
    "en": {"female": ("af_heart", "af_bella", "bf_emma"), "male": ("am_michael", "am_fenrir", "am_puck")},
}
"""The clearest first, by the grades that Kokoro's makers give its voices."""
_XTTS: Mapping[Gender, tuple[str, ...]] = {"female": (FEMALE,), "male": (MALE,)}
_ESPEAK_VARIANTS: Mapping[Gender, tuple[str, ...]] = {"female": ("+f3", "+f2"), "male": ("+m3", "+m7")}


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

    def choose(self, language: str, gender: Gender | None = None, variant: int = 0) -> Voice:
        """The voice for a language tag: XTTS where somebody has loaded it, Piper before Kokoro, since it costs less,
        and eSpeak NG where none of them speaks.

        Without a gender any Piper voice will do, else a female one. `variant` 1, 2, ... are other voices, so that
        speakers can be told apart, without a gender women's and men's by turns; there are few, and after the last
        comes the first. Raises UnsupportedLanguage if not even eSpeak NG speaks the language.
        """
        spoken = primary(language)
        natural = self._xtts_voices(spoken, gender) or [
            *self._piper_voices(spoken, gender),
            *self._kokoro_voices(spoken, gender),
        ]
        choice = natural or self._espeak_voices(language, gender)
        return choice[variant % len(choice)]

    def _xtts_voices(self, language: str, gender: Gender | None) -> list[Voice]:
        if self._xtts is None or language not in LANGUAGES:
            return []
        return [Voice(self._xtts, name) for name in _by_turns(_XTTS, gender)]

    def _piper_voices(self, language: str, gender: Gender | None) -> list[Voice]:
        wanted = _GENDERS if gender is None else (gender,)
        pipers = [self._pipers[language, one] for one in wanted if (language, one) in self._pipers]
        return list({piper.name: Voice(piper, piper.name) for piper in pipers}.values())  # one may speak for both

    def _kokoro_voices(self, language: str, gender: Gender | None) -> list[Voice]:
        if self._kokoro is None:
            return []
        names = _by_turns(_KOKORO.get(language, {}), gender)
        return [Voice(self._kokoro, name) for name in names if name in self._kokoro.voices]

    def _espeak_voices(self, language: str, gender: Gender | None) -> list[Voice]:
        name = self._espeak.voice_for(language)
        return [Voice(self._espeak_model, name + variant) for variant in _by_turns(_ESPEAK_VARIANTS, gender)]


def _by_turns(names: Mapping[Gender, tuple[str, ...]], gender: Gender | None) -> list[str]:
    """Those of the gender; without one a woman's, a man's, a woman's ..."""
    if gender is not None:
        return list(names.get(gender, ()))
    turns = zip_longest(*(names.get(each, ()) for each in _GENDERS))
    return [name for turn in turns for name in turn if name is not None]
