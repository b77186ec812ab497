"""A language of numbers for the tests: a word is a level of loudness, the model reads it back without error."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import anyio
import numpy as np

from asr.recognition import Recognition, RecognizeRequest
from asr.vad import CHUNK
from streaming.audio import ASR_RATE_HZ
from streaming.engine import Model
from streaming.items import Samples

WORD_S = 0.4
LEAST_WORD_S = 0.25
"""less of a word than this is not understood"""


def speak(numbers: Sequence[int]) -> Samples:
    """One word after the other, no silence around them."""
    pieces = [np.full(int(WORD_S * ASR_RATE_HZ), 0.2 + number / 1000, np.float32) for number in numbers]
    return np.concatenate(pieces)


class LoudnessDetector:
    """Stands in for the voice activity detector: what is loud is speech."""

    def __init__(self) -> None:
        self._pending = np.zeros(0, np.float32)
        self._start = 0

    def push(self, samples: Samples) -> list[tuple[int, float]]:
        self._pending = np.concatenate((self._pending, samples))
        out = []
        while len(self._pending) >= CHUNK:
            out.append((self._start, float(self._pending[:CHUNK].mean() > 0.1)))
            self._pending = self._pending[CHUNK:]
            self._start += CHUNK
        return out


class NumberModel:
    """Reads the numbers; a forced prefix must be what is spoken at the window's beginning."""

    name = "numbers"
    max_batch = 4
    threads = 1

    def __init__(self) -> None:
        self.longest_s = 0.0
        self.calls = 0
        self.requests: list[RecognizeRequest] = []

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        return [self._read(request) for request in batch]

    def _read(self, request: RecognizeRequest) -> Recognition:
        self.calls += 1
        self.requests.append(request)
        self.longest_s = max(self.longest_s, len(request.samples) / ASR_RATE_HZ)
        levels = np.round((request.samples - 0.2) * 1000).astype(int)
        edges = [0, *(np.flatnonzero(np.diff(levels)) + 1).tolist(), len(levels)]
        spoken = [
            (int(levels[left]), right / ASR_RATE_HZ)
            for left, right in itertools.pairwise(edges)
            if levels[left] >= 0 and (right - left >= LEAST_WORD_S * ASR_RATE_HZ or int(levels[left]) in request.prefix)
        ]
        assert tuple(number for number, _ in spoken[: len(request.prefix)]) == request.prefix
        spoken = spoken[: len(request.prefix) + request.max_new_tokens]
        tokens = tuple(number for number, _ in spoken)
        return Recognition(tokens, len(request.prefix), tuple(end_s for _, end_s in spoken), 0.0, -0.1)


class SlowEngine:
    """Every call takes `seconds` of the clock; those whose number is in `failing` raise."""

    def __init__(self, seconds: float, *, failing: frozenset[int] = frozenset()) -> None:
        self._seconds = seconds
        self._failing = failing
        self._calls = 0
        self.failed = 0

    async def call(self, model: Model, request: RecognizeRequest, *, deadline_s: float, expires_s: float = 1e9):  # type: ignore[no-untyped-def, type-arg]
        self._calls += 1
        await anyio.sleep(self._seconds)
        if self._calls in self._failing:
            self.failed += 1
            raise RuntimeError("the worker died")
        return model.run([request])[0]
