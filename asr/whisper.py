"""Whisper (Radford et al. 2022) as a stateless batch model over CTranslate2.

Windows are short and so is what the encoder sees: cutting its 30 s to the speech is what makes streaming affordable.
Nothing here punishes repetition: speakers repeat themselves, and a penalty cost words (13 % WER instead of 9 % on read
speech). Loops are left to the bound on new tokens and to `asr.guard`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor

from asr.recognition import Recognition, RecognizeRequest
from asr.tokens import WhisperTokens
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

FRAME = 160
"""samples of one mel frame (10 ms)"""
TOKEN_FRAME_S = 0.02
"""the encoder halves the frames: one step of the alignment"""
LEAST_FRAMES = 1000
"""10 s: on a shorter window the decoder falls into loops"""
MOST_FRAMES = 3000
"""30 s: the length of the position table"""
FRAME_STEP = 500
"""windows are padded to a multiple, so that requests of like length share a batch"""
TAIL_FRAMES = 50
"""empty frames after the speech at least, so that the decoder sees where it ends"""
CPU_BATCH = 1
"""on two cores a batch takes as long as its parts one after the other, so it would only hold back the first of them"""
MEDIAN_FILTER_WIDTH = 7
"""of the attention weights before alignment, as in OpenAI's timing code"""


class Whisper:
    """Implements `streaming.engine.Model` for `RecognizeRequest`, greedy, one `generate` for each window shape."""

    name = "whisper"

    def __init__(
        self,
        model_dir: Path,
        *,
        device: str = "cpu",
        compute_type: str = "int8",
        threads: int = 2,
        max_batch: int = CPU_BATCH,
    ) -> None:
        self.max_batch = max_batch
        self.tokens = WhisperTokens.load(model_dir)
        self._model = ctranslate2.models.Whisper(
            str(model_dir), device=device, compute_type=compute_type, intra_threads=threads
        )
        self._mel = FeatureExtractor(feature_size=self._model.n_mels)

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        """One recognition for each request, in order. Raises ValueError for a window over 30 s."""
        alike: dict[tuple[int, str], list[int]] = defaultdict(list)
        for index, request in enumerate(batch):
            alike[_frames(len(request.samples)), request.language].append(index)
        results: dict[int, Recognition] = {}
        for (frames, language), indices in alike.items():
            group = [batch[index] for index in indices]
            results.update(zip(indices, self._run_alike(group, frames, language), strict=True))
        return [results[index] for index in range(len(batch))]

    def _run_alike(self, group: list[RecognizeRequest], frames: int, language: str) -> list[Recognition]:
        features = np.stack([self._features(request.samples, frames) for request in group])
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features))
        start = self.tokens.start(language)
        longest = max(len(request.prefix) + request.max_new_tokens for request in group)
        generated = self._model.generate(
            encoded,
            [[*start, *request.prefix] for request in group],
            beam_size=1,
            max_length=max(2 * longest, longest + len(start)),  # CTranslate2 halves it for the text
            return_no_speech_prob=True,
        )
        texts = [self._text(request, one.sequences_ids[0]) for request, one in zip(group, generated, strict=True)]
        aligned = self._align(encoded, group, texts, language)
        return [
            _recognition(request, text, one.no_speech_prob, alignment)
            for request, text, one, alignment in zip(group, texts, generated, aligned, strict=True)
        ]

    def _features(self, samples: Samples, frames: int) -> npt.NDArray[np.float32]:
        heard = math.ceil(len(samples) / FRAME)
        padded = np.pad(samples, (0, max(0, self._mel.n_fft - len(samples)) + FRAME))
        mel = self._mel(padded, padding=0)[:, :heard]
        return np.pad(mel, ((0, 0), (0, frames - mel.shape[1]))).astype(np.float32)

    def _text(self, request: RecognizeRequest, generated: Sequence[int]) -> tuple[int, ...]:
        """Prefix and new tokens; CTranslate2 gives the forced prefix back as if it were generated."""
        new = [token for token in generated[len(request.prefix) :] if token < self.tokens.end_of_text]
        return (*request.prefix, *new[: request.max_new_tokens])

    def _align(
        self, encoded: Any, group: list[RecognizeRequest], texts: list[tuple[int, ...]], language: str
    ) -> list[Any]:
        return self._model.align(
            encoded,
            self.tokens.start_aligned(language),
            [list(text) or [self.tokens.end_of_text] for text in texts],
            [max(2, math.ceil(len(request.samples) / FRAME)) for request in group],
            median_filter_width=MEDIAN_FILTER_WIDTH,
        )


def _frames(samples: int) -> int:
    """The padded length of a window, in mel frames."""
    heard = math.ceil(samples / FRAME)
    if heard > MOST_FRAMES:
        raise ValueError(f"a window of {samples / ASR_RATE_HZ:.1f} s: Whisper takes 30 s at most")
    padded = FRAME_STEP * math.ceil((heard + TAIL_FRAMES) / FRAME_STEP)
    return min(MOST_FRAMES, max(LEAST_FRAMES, padded))


def _recognition(
    request: RecognizeRequest, text: tuple[int, ...], no_speech_probability: float, alignment: Any
) -> Recognition:
    prefix_length = len(request.prefix)
    probabilities = alignment.text_token_probs[prefix_length : len(text)]
    logs = [math.log(max(probability, 1e-10)) for probability in probabilities]
    return Recognition(
        tokens=text,
        prefix_length=prefix_length,
        end_s=_token_ends(alignment.alignments, len(text), len(request.samples) / ASR_RATE_HZ),
        no_speech_probability=no_speech_probability,
        average_log_probability=sum(logs) / len(logs) if logs else 0.0,
    )


def _token_ends(alignments: Sequence[tuple[int, int]], count: int, window_s: float) -> tuple[float, ...]:
    """Each token ends where the path of dynamic time warping enters the next one."""
    entered: dict[int, int] = {}
    for token, frame in alignments:
        entered.setdefault(token, frame)
    ends: list[float] = []
    for token in range(count):
        frame_s = entered[token + 1] * TOKEN_FRAME_S if token + 1 in entered else window_s
        ends.append(max(min(frame_s, window_s), ends[-1] if ends else 0.0))
    return tuple(ends)
