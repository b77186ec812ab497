"""Whisper (Radford et al. 2022) as a stateless batch model over CTranslate2.

Windows are short and so is what the encoder sees: cutting its 30 s to the speech is what makes streaming affordable.
Nothing here punishes repetition: speakers repeat themselves, and a penalty cost words (13 % WER instead of 9 % on read
speech). Loops are left to the bound on new tokens and to `asr.guard`: there is no fallback to higher temperatures,
by which OpenAI's code decodes hard audio up to six times.

One `generate` takes prompts of unequal length, as long as what comes before the forced prefix is equally long. Against
single calls, 54 requests in such batches gave the same tokens; in 17 of them some token's end moved by one 20 ms frame
of the alignment, where rounding tips its path.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from pathlib import Path
from typing import Any

import ctranslate2
import numpy as np
import numpy.typing as npt
from faster_whisper.feature_extractor import FeatureExtractor
from threadpoolctl import threadpool_limits

from asr.level import lifted
from asr.recognition import Recognition, RecognizeRequest
from asr.tokens import WhisperTokens
from asr.whisper_device import ON_CPU, ComputeType, Device, Placement, place
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
LEAST_STEPS = 32
"""bounds up to this share a batch: few enough that a short request doesn't mind waiting for a long one"""
MOST_STEPS = 448
"""the decoder's position table, start sequence included"""
_TINY = 1e-9
CPU_THREADS = 1
"""A step of the decoder is too small to be shared: on two cores a 5 s window with 14 tokens takes 100 ms to encode and
51 to generate with one thread, 61 and 124 with two. Other calls have the second core."""
MEDIAN_FILTER_WIDTH = 7
"""of the attention weights before alignment, as in OpenAI's timing code"""


class Whisper:
    """Implements `streaming.engine.BatchingModel` for `RecognizeRequest`."""

    name = "whisper"
    threads = CPU_THREADS

    def __init__(self, model_dir: Path, *, placement: Placement = ON_CPU, beam_size: int = 1) -> None:
        """`beam_size` 1 is greedy; 5 takes `generate` twice as long.

        Limits numpy's BLAS in this process to one thread: after each product of the mel filters its idle ones spin for
        40 ms, on a core that the models need.
        """
        threadpool_limits(1, user_api="blas")
        self.max_batch = placement.max_batch
        self.tokens = WhisperTokens.load(model_dir)
        self._beam_size = beam_size
        self._model = ctranslate2.models.Whisper(
            str(model_dir),
            device=placement.device,
            compute_type=placement.compute_type,
            intra_threads=self.threads,
            inter_threads=placement.parallel,
        )
        self._mel = FeatureExtractor(feature_size=self._model.n_mels)

    @property
    def translated_languages(self) -> tuple[str, ...]:
        """What it can be asked to write in English; a model for English alone translates nothing."""
        if not self._model.is_multilingual:
            return ()
        return tuple(language for language in self.tokens.languages if language != "en")

    def bucket(self, request: RecognizeRequest) -> Hashable:
        """Requests of one bucket are encoded, generated and aligned together. Raises ValueError for over 30 s.

        They have one length of window, one language, task and prompt (`align` takes one start sequence) and bounds
        within a factor of two, since all of them wait for the one that takes the most steps.
        """
        steps = len(request.prefix) + request.max_new_tokens
        bound = max(LEAST_STEPS, 1 << (steps - 1).bit_length())
        return _frames(len(request.samples)), request.language, request.translate, request.terms, bound

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        """One recognition for each request, in order. Raises ValueError for a window over 30 s."""
        alike: dict[Hashable, list[int]] = defaultdict(list)
        for index, request in enumerate(batch):
            alike[self.bucket(request)].append(index)
        results: dict[int, Recognition] = {}
        for indices in alike.values():
            results.update(zip(indices, self._run_alike([batch[index] for index in indices]), strict=True))
        return [results[index] for index in range(len(batch))]

    def _run_alike(self, group: list[RecognizeRequest]) -> list[Recognition]:
        """Of one bucket."""
        frames = _frames(len(group[0].samples))
        language, translate = group[0].language, group[0].translate
        features = np.stack([self._features(request.samples, frames) for request in group])
        encoded = self._model.encode(ctranslate2.StorageView.from_array(features))
        prompt = self.tokens.prompt(group[0].terms)
        start = [*prompt, *self.tokens.start(language, translate=translate)]
        longest = max(len(request.prefix) + request.max_new_tokens for request in group)
        steps = min(longest, MOST_STEPS - len(start))
        generated = self._model.generate(
            encoded,
            [[*start, *request.prefix] for request in group],
            beam_size=self._beam_size,
            patience=1,
            max_length=max(2 * steps, steps + len(start)),  # CTranslate2 halves it for the text
            return_no_speech_prob=True,
        )
        texts = [self._text(request, one.sequences_ids[0]) for request, one in zip(group, generated, strict=True)]
        aligned = self._align(
            encoded, group, texts, [*prompt, *self.tokens.start_aligned(language, translate=translate)]
        )
        languages = self._identify(encoded, group)
        return [
            _recognition(request, text, one.no_speech_prob, alignment, spoken)
            for request, text, one, alignment, spoken in zip(group, texts, generated, aligned, languages, strict=True)
        ]

    def _features(self, samples: Samples, frames: int) -> npt.NDArray[np.float32]:
        heard = math.ceil(len(samples) / FRAME)
        padded = np.pad(lifted(samples), (0, max(0, self._mel.n_fft - len(samples)) + FRAME))
        mel = self._mel(padded, padding=0)[:, :heard]
        return np.pad(mel, ((0, 0), (0, frames - mel.shape[1]))).astype(np.float32)

    def _text(self, request: RecognizeRequest, generated: Sequence[int]) -> tuple[int, ...]:
        """Prefix and new tokens; CTranslate2 gives the forced prefix back as if it were generated."""
        new = [token for token in generated[len(request.prefix) :] if token < self.tokens.end_of_text]
        return (*request.prefix, *new[: request.max_new_tokens])

    def _align(
        self, encoded: Any, group: list[RecognizeRequest], texts: list[tuple[int, ...]], start: list[int]
    ) -> list[Any]:
        return self._model.align(
            encoded,
            start,
            [list(text) or [self.tokens.end_of_text] for text in texts],
            [max(2, math.ceil(len(request.samples) / FRAME)) for request in group],
            median_filter_width=MEDIAN_FILTER_WIDTH,
        )

    def _identify(self, encoded: Any, group: list[RecognizeRequest]) -> list[tuple[tuple[str, float], ...]]:
        """One step of the decoder; not taken where nobody asks."""
        if not any(request.identify for request in group):
            return [()] * len(group)
        return [
            _among(request.identify, dict(likely))
            for request, likely in zip(group, self._model.detect_language(encoded), strict=True)
        ]


def load_whisper(
    model_dir: Path,
    *,
    device: Device = "cpu",
    compute_type: ComputeType | None = None,
    beam_size: int = 1,
) -> Whisper:
    """On the device asked for, in its default type where none is. Raises BadInput for what this machine hasn't got."""
    placement = place(
        device,
        compute_type,
        cuda_devices=ctranslate2.get_cuda_device_count(),
        supported=ctranslate2.get_supported_compute_types,
    )
    return Whisper(model_dir, placement=placement, beam_size=beam_size)


def _frames(samples: int) -> int:
    """The padded length of a window, in mel frames."""
    heard = math.ceil(samples / FRAME)
    if heard > MOST_FRAMES:
        raise ValueError(f"a window of {samples / ASR_RATE_HZ:.1f} s: Whisper takes 30 s at most")
    padded = FRAME_STEP * math.ceil((heard + TAIL_FRAMES) / FRAME_STEP)
    return min(MOST_FRAMES, max(LEAST_FRAMES, padded))


def _recognition(
    request: RecognizeRequest,
    text: tuple[int, ...],
    no_speech_probability: float,
    alignment: Any,
    languages: tuple[tuple[str, float], ...],
) -> Recognition:
    prefix_length = len(request.prefix)
    probabilities = tuple(alignment.text_token_probs[prefix_length : len(text)])
    logs = [math.log(max(probability, 1e-10)) for probability in probabilities]
    return Recognition(
        tokens=text,
        prefix_length=prefix_length,
        end_s=_token_ends(alignment.alignments, len(text), len(request.samples) / ASR_RATE_HZ),
        no_speech_probability=no_speech_probability,
        average_log_probability=sum(logs) / len(logs) if logs else 0.0,
        probabilities=probabilities,
        languages=languages,
    )


def _among(languages: Sequence[str], likely: Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    """The probabilities of these languages, given that it is one of them; `likely` goes by Whisper's tokens."""
    weights = [likely.get(f"<|{language}|>", 0.0) + _TINY for language in languages]
    return tuple((language, weight / sum(weights)) for language, weight in zip(languages, weights, strict=True))


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
