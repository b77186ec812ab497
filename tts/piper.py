"""Piper (VITS, Kim et al. 2021) voices, one model file each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from piper import PiperVoice
from piper.config import SynthesisConfig

from streaming.audio import SPEECH_RATE_HZ, resample
from streaming.errors import ModelMissing
from streaming.items import Samples
from tts.mastering import master
from tts.synthesis import SynthesizeRequest, spoken_text

_FIXED_SHARE = 0.3
"""The part of a sentence's time that `length_scale` leaves as it is, since VITS rounds every phoneme's duration up to a
whole frame: eight sentences of en_US-joe took 28.6 s at 1.0, 25.2 s at 0.8, 24.7 s at 0.78 and 21.4 s at 0.67."""


def length_scale(tempo: float) -> float:
    """The `length_scale` that makes a sentence last 1/`tempo` of its natural time."""
    return max(0.3, (1 / tempo - _FIXED_SHARE) / (1 - _FIXED_SHARE))


class PiperModel:
    """Speaks with the one voice of its file, whatever `voice` a request names."""

    max_batch = 1

    def __init__(self, voice: PiperVoice, name: str, *, threads: int) -> None:
        """`threads`: of the voice's session."""
        self.threads = threads
        self._voice = voice
        self.name = name

    def run(self, batch: Sequence[SynthesizeRequest]) -> list[Samples]:
        return [self._speak(request) for request in batch]

    def _speak(self, request: SynthesizeRequest) -> Samples:
        pace = SynthesisConfig(length_scale=self._voice.config.length_scale * length_scale(request.tempo))
        sentences = [chunk.audio_float_array for chunk in self._voice.synthesize(spoken_text(request), pace)]
        if not sentences:
            return np.zeros(0, np.float32)
        return master(resample(np.concatenate(sentences), self._voice.config.sample_rate, SPEECH_RATE_HZ))


def load_piper(model: Path, *, threads: int) -> PiperModel:
    """The voice in `model` (an ONNX file, its configuration beside it). Raises ModelMissing."""
    if not model.exists() or not model.with_suffix(".onnx.json").exists():
        raise ModelMissing(f"Piper: {model} or its .json is not there")
    voice = PiperVoice.load(model)
    options = onnxruntime.SessionOptions()  # Piper's own loader takes every core
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    voice.session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    return PiperModel(voice, f"piper-{model.stem}", threads=threads)
