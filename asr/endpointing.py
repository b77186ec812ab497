"""Where utterances begin and end, from speech probabilities: thresholds with hysteresis and a hangover.

The scheme of energy endpointers since Rabiner & Sambur (1975), on Silero's probability instead of energy.
"""

from __future__ import annotations

from dataclasses import dataclass

from streaming.audio import ASR_RATE_HZ

ONSET_PROBABILITY = 0.5
OFFSET_PROBABILITY = 0.35
"""Silero's own pair: what begins speech, and 0.15 below it what still is speech"""
ONSET_S = 0.09
"""speech this long begins an utterance: three chunks, shorter than any word, longer than a click"""
ONSET_PADDING_S = 0.5
"""audio before the onset that belongs to the utterance: soft first consonants (eight clips of read speech, 131 words,
streamed: 9.2 % WER, with 0.3 s 9.9 %, where "has" at a clip's beginning became "I's")"""
HANGOVER_S = 0.55
"""a pause this long ends the utterance (chosen, not tuned: longer than most hesitations inside a clause)"""
SOFT_MAXIMUM_S = 20.0
"""an utterance longer than this ends at the next short pause"""
SHORT_HANGOVER_S = 0.25


@dataclass(frozen=True, slots=True)
class UtteranceStart:
    """The speaker began."""

    start: int
    """sample position, padding included"""
    onset: int
    """sample position of the first speech"""


@dataclass(frozen=True, slots=True)
class UtteranceEnd:
    """The speaker paused."""

    end: int
    """sample position at which the pause was long enough"""
    speech_end: int
    """sample position after the last speech"""


class Endpointer:
    """Turns speech probabilities of consecutive pieces of audio into utterances."""

    def __init__(self) -> None:
        self._onset: int | None = None
        self._start: int | None = None
        self._speech_end = 0
        self._previous_end = 0
        self._end = 0

    @property
    def in_utterance(self) -> bool:
        return self._start is not None

    @property
    def speech_end(self) -> int:
        """Sample position after the last speech so far."""
        return self._speech_end

    def push(self, probability: float, *, start: int, length: int) -> list[UtteranceStart | UtteranceEnd]:
        """What the piece of audio at sample `start` decides."""
        self._end = start + length
        if self._start is None:
            return self._outside(probability, start)
        if probability >= OFFSET_PROBABILITY:
            self._speech_end = self._end
            return []
        if self._end - self._speech_end < self._hangover_s(self._start) * ASR_RATE_HZ:
            return []
        return self.flush()

    def flush(self) -> list[UtteranceStart | UtteranceEnd]:
        """Ends the utterance that is open, if there is one."""
        self._onset = None
        if self._start is None:
            return []
        self._start = None
        self._previous_end = self._end
        return [UtteranceEnd(end=self._end, speech_end=self._speech_end)]

    def _outside(self, probability: float, start: int) -> list[UtteranceStart | UtteranceEnd]:
        if probability < ONSET_PROBABILITY:
            self._onset = None
            return []
        if self._onset is None:
            self._onset = start
        if self._end - self._onset < ONSET_S * ASR_RATE_HZ:
            return []
        self._start = max(self._onset - int(ONSET_PADDING_S * ASR_RATE_HZ), self._previous_end)
        self._speech_end = self._end
        return [UtteranceStart(self._start, self._onset)]

    def _hangover_s(self, start: int) -> float:
        return HANGOVER_S if self._end - start < SOFT_MAXIMUM_S * ASR_RATE_HZ else SHORT_HANGOVER_S
