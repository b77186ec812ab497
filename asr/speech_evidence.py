"""How surely there was a voice at a place of the stream: what recognised words are held against."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from asr.vad import CHUNK
from streaming.audio import ASR_RATE_HZ

KEPT_S = 300.0
"""longer than the audio that may wait for recognition"""
CLEAR_PROBABILITY = 0.9
"""noise, music and crowds pass the threshold of speech for a moment; they hardly ever reach this, a voice soon does"""


class SpeechEvidence:
    """The latest speech probabilities of one stream; places are seconds of it."""

    def __init__(self) -> None:
        self._chunks: deque[tuple[int, float]] = deque(maxlen=int(KEPT_S * ASR_RATE_HZ / CHUNK))

    def push(self, start: int, probability: float) -> None:
        """The probability of the 512 samples from `start` on; they come in order."""
        self._chunks.append((start, probability))

    def peak(self, start_s: float, end_s: float) -> float:
        """The highest probability of the chunks that touch this span; 0 where none is known."""
        return max(self._between(start_s, end_s), default=0.0)

    def clear_s(self, start_s: float, end_s: float) -> float:
        """How much of this span is a clear voice."""
        clear = sum(probability >= CLEAR_PROBABILITY for probability in self._between(start_s, end_s))
        return clear * CHUNK / ASR_RATE_HZ

    def _between(self, start_s: float, end_s: float) -> Iterator[float]:
        for start, probability in reversed(self._chunks):
            if start + CHUNK <= start_s * ASR_RATE_HZ:
                return
            if start < end_s * ASR_RATE_HZ:
                yield probability
