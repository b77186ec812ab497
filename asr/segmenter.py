"""Cuts a stream of audio into utterances: voice activity, then endpointing, then the audio that belongs to them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from asr.endpointing import ONSET_PADDING_S, ONSET_S, Endpointer, UtteranceEnd, UtteranceStart
from asr.speech_evidence import SpeechEvidence
from asr.vad import CHUNK, VoiceActivityDetector
from streaming.audio import ASR_RATE_HZ
from streaming.items import AudioChunk, Samples

HISTORY = int((ONSET_PADDING_S + ONSET_S) * ASR_RATE_HZ) + 2 * CHUNK
"""samples kept outside utterances: what an onset may reach back for"""
LONGEST_FILLED_GAP_S = 1.0
"""lost audio up to this long becomes silence; a longer gap ends the utterance"""


@dataclass(frozen=True, slots=True)
class UtteranceAudio:
    """The next piece of the open utterance."""

    samples: Samples
    start: int
    """sample position"""
    speech_end: int
    """sample position after the last speech heard so far"""


SegmenterEvent = UtteranceStart | UtteranceAudio | UtteranceEnd


class Segmenter:
    """Utterances out of a stream; how the stream was cut into chunks makes no difference."""

    def __init__(self, vad: VoiceActivityDetector) -> None:
        self.evidence = SpeechEvidence()
        self._vad = vad
        self._endpointer = Endpointer()
        self._audio = np.zeros(0, np.float32)
        self._start = 0
        """position of the first sample of `_audio`: history outside an utterance, not yet judged inside one"""
        self._vad_origin = 0
        self._began = False

    def push(self, chunk: AudioChunk) -> list[SegmenterEvent]:
        """What this chunk adds. Raises nothing: gaps are filled or end the utterance, repeated audio is left out."""
        events = self._close_gap(chunk.start)
        fresh = chunk.samples[max(0, self._expected - chunk.start) :]
        return events + self._feed(fresh)

    def flush(self) -> list[SegmenterEvent]:
        """The input ended: so does the open utterance, with all of its audio."""
        events: list[SegmenterEvent] = []
        if self._endpointer.in_utterance and len(self._audio):
            events.append(self._take(len(self._audio)))
        return [*events, *self._endpointer.flush()]

    @property
    def _expected(self) -> int:
        return self._start + len(self._audio)

    def _close_gap(self, start: int) -> list[SegmenterEvent]:
        if not self._began:
            self._begin(start)
        gap = start - self._expected
        if gap <= 0:
            return []
        if gap <= LONGEST_FILLED_GAP_S * ASR_RATE_HZ:
            return self._feed(np.zeros(gap, np.float32))
        events = self.flush()
        self._vad_origin += start - self._expected
        self._audio = np.zeros(0, np.float32)
        self._start = start
        return events

    def _begin(self, start: int) -> None:
        self._began = True
        self._start = self._vad_origin = start

    def _feed(self, samples: Samples) -> list[SegmenterEvent]:
        self._audio = np.concatenate((self._audio, samples))
        events: list[SegmenterEvent] = []
        for start, probability in self._vad.push(samples):
            self.evidence.push(start + self._vad_origin, probability)
            events += self._judge(start + self._vad_origin, probability)
        if not self._endpointer.in_utterance:
            self._forget(len(self._audio) - HISTORY)
        return events

    def _judge(self, start: int, probability: float) -> list[SegmenterEvent]:
        before = self._endpointer.in_utterance
        decided = self._endpointer.push(probability, start=start, length=CHUNK)
        match decided:
            case [UtteranceStart() as began]:
                self._forget(began.start - self._start)
                return [UtteranceStart(self._start, began.onset), self._take(start + CHUNK - self._start)]
            case [UtteranceEnd() as ended]:
                return [self._take(start + CHUNK - self._start), ended]
            case _:
                return [self._take(start + CHUNK - self._start)] if before else []

    def _take(self, count: int) -> UtteranceAudio:
        taken = UtteranceAudio(self._audio[:count], self._start, self._endpointer.speech_end)
        self._forget(count)
        return taken

    def _forget(self, count: int) -> None:
        count = max(0, count)
        self._audio = self._audio[count:]
        self._start += count
