"""Loads every model of this machine once, for all sessions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import onnxruntime

from asr.incremental import NEW_TOKENS_PER_S, TRANSLATED_INTO
from asr.recognition import RecognizeRequest
from asr.vad import VoiceActivityDetector, load_silero
from asr.whisper import Whisper, load_whisper
from asr.whisper_device import ComputeType, Device
from asr.window import LONGEST_CALL_S
from mt.translator import TranslateRequest, Translator
from server.models import ModelStore
from streaming.audio import ASR_RATE_HZ
from streaming.errors import UnsupportedLanguage
from tts.espeak import Espeak
from tts.kokoro import KEPT, load_kokoro
from tts.piper import PiperModel, load_piper
from tts.voices import Gender, Voices
from tts.xtts import load_xtts


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models."""

    whisper: Whisper
    silero: onnxruntime.InferenceSession
    translators: Mapping[tuple[str, str], Translator]
    """by (source, target)"""
    voices: Voices

    def voice_activity(self) -> VoiceActivityDetector:
        """A fresh detector for one stream."""
        return VoiceActivityDetector(self.silero)

    def translator(self, source: str, target: str) -> Translator:
        """Raises UnsupportedLanguage."""
        if (source, target) not in self.translators:
            pairs = ", ".join(f"{one} to {other}" for one, other in self.translators)
            raise UnsupportedLanguage(f"no model translates {source} into {target}; there are {pairs}")
        return self.translators[source, target]

    def written_in(self, source: str) -> str:
        """The language in which recognition writes what is said in `source`: its own, or English without a text model.

        Raises UnsupportedLanguage.
        """
        if source in self.transcribed_languages():
            return source
        if source in self.whisper.translated_languages:
            return TRANSLATED_INTO
        raise UnsupportedLanguage(f"no model recognises {source} or translates it into anything")

    def transcribed_languages(self) -> Sequence[str]:
        return sorted({source for source, _ in self.translators})

    def source_languages(self) -> Sequence[str]:
        return sorted({*self.transcribed_languages(), *self.whisper.translated_languages})

    def target_languages(self, source: str) -> Sequence[str]:
        written = self.written_in(source)
        return sorted({written, *(target for one, target in self.translators if one == written)} - {source})

    def spoken_languages(self) -> Sequence[str]:
        """Every target language: eSpeak NG speaks what has no other voice."""
        return sorted({target for source in self.source_languages() for target in self.target_languages(source)})


def load_models(
    store: ModelStore,
    *,
    threads: int = 2,
    device: Device = "cpu",
    compute_type: ComputeType | None = None,
    beam_size: int = 1,
    xtts: Path | None = None,
    speech_kept: int = KEPT,
) -> Models:
    """Takes some seconds. `threads` are the voices'; `device`, `compute_type` and `beam_size` are Whisper's, all else
    runs on the CPU but the voices of `xtts`, a folder with XTTS-v2's weights. `speech_kept`: of so many brief texts.

    Raises ModelMissing or ModelTampered for a model that is not as it was published, BadInput for a device or compute
    type that this machine hasn't got.
    """
    espeak = Espeak()
    kokoro = store.kokoro()
    models = Models(
        whisper=load_whisper(store.whisper(), device=device, compute_type=compute_type, beam_size=beam_size),
        silero=load_silero(),
        translators={pair: _translator(store, *pair) for pair in store.pairs()},
        voices=Voices(
            espeak,
            xtts=load_xtts(xtts) if xtts else None,
            kokoro=load_kokoro(kokoro, espeak, threads=threads, kept=speech_kept) if kokoro else None,
            pipers=_pipers(store, threads),
        ),
    )
    _warm_up(models)
    return models


def _warm_up(models: Models) -> None:
    """One call of each, so that the first speaker doesn't wait for what a runtime sets up at its first call.

    Whisper's is the longest that there may be, of noise in which it writes something: its buffers keep that size, and
    memory shall not grow later.
    """
    noise = 0.1 * np.random.default_rng(0).standard_normal(int(LONGEST_CALL_S * ASR_RATE_HZ))
    most = int(LONGEST_CALL_S * NEW_TOKENS_PER_S)
    models.whisper.run([RecognizeRequest(noise.astype(np.float32), "en", (), most)])
    for translator in models.translators.values():
        translator.run([TranslateRequest("1.", final=True)])
    for language in models.spoken_languages():
        voice = models.voices.choose(language)
        voice.model.run([voice.request("1, 2, 3", language, tempo=1.0, sentence_end=True)])


def _pipers(store: ModelStore, threads: int) -> dict[tuple[str, Gender], PiperModel]:
    """A voice for each target language that has one. Whether an added voice is male isn't known: it speaks for both."""
    pipers: dict[tuple[str, Gender], PiperModel] = {}
    for language in sorted({TRANSLATED_INTO, *(target for _, target in store.pairs())}):
        path = store.piper_voice(language)
        if path is not None:
            genders: tuple[Gender, ...] = ("female", "male") if store.find(path.parent.name).added else ("male",)
            pipers |= dict.fromkeys(((language, gender) for gender in genders), load_piper(path, threads=threads))
    return pipers


def _translator(store: ModelStore, source: str, target: str) -> Translator:
    folder = store.student(source, target)
    assert folder is not None  # the pair is one that the store told of
    return Translator(folder)
