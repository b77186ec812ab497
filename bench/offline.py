"""The offline cascade of the same models: whole recording, whole sentences. What streaming is held against."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.corpus import Clip
from bench.listening import Ear
from bench.metrics.quality import chrf
from bench.metrics.word_error_rate import WordErrors, plain, word_errors
from bench.summary import ClipResult
from mt.translator import TranslateRequest
from server.load import Models
from server.media_file import read_audio
from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

_SENTENCE = re.compile(r"(?:[^.?!…]|(?<=\d)\.(?=\d))+[.?!…]*")  # the full stop in 4.8 ends nothing
_PAUSE_S = 0.25


@dataclass(frozen=True, slots=True)
class OfflineOutcome:
    """One clip."""

    source_text: str
    target_text: str
    heard_text: str
    """its speech, transcribed again"""


class OfflineCascade:
    """Recognition with beam 5, the full-sentence translation, the same voice."""

    def __init__(self, models: Models, ear: Ear, source: str, target: str) -> None:
        self._models = models
        self._ear = ear
        self._source = source
        self._target = target

    def run(self, clip: Clip) -> OfflineOutcome:
        """Raises BadInput for a file that can't be read."""
        transcript = self._ear.transcribe(np.concatenate(list(read_audio(clip.path))), self._source)
        text = self.translate(transcript)
        return OfflineOutcome(transcript, text, self._ear.hear(self._speak(text), self._target))

    def translate(self, text: str) -> str:
        """Sentence by sentence, each whole."""
        translator = self._models.translator(self._source, self._target)
        requests = [TranslateRequest(sentence, final=True) for sentence in _sentences(text)]
        return " ".join(" ".join(translator.run([request])[0].words) for request in requests)

    def _speak(self, text: str) -> Samples:
        voice = self._models.voices.choose(self._target)
        pause = np.zeros(round(_PAUSE_S * SPEECH_RATE_HZ), np.float32)
        parts = [pause]
        for sentence in _sentences(text):
            request = voice.request(sentence, self._target, tempo=1.0, sentence_end=True)
            parts += [voice.model.run([request])[0], pause]
        return np.concatenate(parts)


def offline_figures(clips: Sequence[ClipResult], outcomes: Sequence[OfflineOutcome]) -> dict[str, float | None]:
    """`wer`, `chrf` and `asr_chrf` as in the summary, of the offline texts; null without a reference.

    `outcomes`: one a clip, in the same order. Raises ValueError for another number.
    """
    pairs = list(zip(clips, outcomes, strict=True))
    errors = sum(
        (word_errors(clip.transcript, outcome.source_text) for clip, outcome in pairs if clip.transcript), WordErrors()
    )
    judged = [(clip.reference, outcome) for clip, outcome in pairs if clip.reference]
    texts, heard = [one.target_text for _, one in judged], [plain(one.heard_text) for _, one in judged]
    return {
        "wer": round(errors.rate, 4) if errors.words else None,
        "chrf": round(chrf(texts, [reference for reference, _ in judged]), 2) if judged else None,
        "asr_chrf": round(chrf(heard, [plain(reference) for reference, _ in judged]), 2) if judged else None,
    }


def _sentences(text: str) -> list[str]:
    return [part.strip() for part in _SENTENCE.findall(text) if part.strip()]
