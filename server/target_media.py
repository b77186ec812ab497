"""Cuts a language's speech frames into the voice interface's target_media_chunk messages."""

from __future__ import annotations

import math

import numpy as np

from server.media_encode import MediaEncoder
from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Clause, ClauseSkipped, Samples, SpeechFrame
from streaming.wire import EndOfTargetMedia, ServerMessage, TargetMediaChunk

_FRAMES_PER_CHUNK = 5
"""100 ms: few messages, and little delay before the first."""


class TargetMedia:
    """One language's voice. A chunk never holds frames of two clauses, and a clause's end is never held back."""

    def __init__(self, *, tag: str, content_type: str, encoder: MediaEncoder) -> None:
        self._tag = tag
        self._content_type: str | None = content_type
        self._encoder = encoder
        self._frames: list[Samples] = []
        self._text: str | None = None
        self._text_begun = False
        self._next_clause = 0
        self._skipped: dict[int, Clause] = {}

    def push(self, event: SpeechFrame | ClauseSkipped) -> list[ServerMessage]:
        """The chunks that are complete now."""
        match event:
            case ClauseSkipped(clause=clause):
                self._skipped[clause.index] = clause
                return self._skips_before(self._next_unknown())
            case SpeechFrame():
                return self._take(event)

    def flush(self) -> list[ServerMessage]:
        """What is left, and the end."""
        return [*self._close(), *self._skips_before(math.inf), EndOfTargetMedia(self._tag)]

    def _take(self, frame: SpeechFrame) -> list[ServerMessage]:
        done: list[ServerMessage] = []
        if frame.starts is not None:
            done += self._skips_before(frame.starts.index)
            self._text = self._joined(frame.starts.text)
            self._next_clause = frame.starts.index + 1
        self._frames.append(frame.samples)
        if frame.ends:
            done += self._close()
        elif len(self._frames) >= _FRAMES_PER_CHUNK:
            done += self._chunk(last=False)
        return done

    def _close(self) -> list[ServerMessage]:
        """The clause that was playing has ended."""
        return self._chunk(last=True) if self._frames else []

    def _chunk(self, *, last: bool) -> list[ServerMessage]:
        samples = np.concatenate(self._frames)
        self._frames = []
        return self._message(self._encoder.push(samples, last=last), len(samples) / SPEECH_RATE_HZ)

    def _message(self, packets: list[bytes], seconds: float) -> list[ServerMessage]:
        headers = self._encoder.headers if self._content_type and packets else ()
        chunk = TargetMediaChunk(
            language=self._tag,
            data=(*headers, *packets),
            duration=round(seconds * 1000, 1),
            text=self._text,
            content_type=self._content_type if packets else None,
            headers=len(headers) if self._content_type and packets else None,
        )
        self._text = None
        if packets:
            self._content_type = None
        return [chunk]

    def _skips_before(self, index: float) -> list[ServerMessage]:
        """The texts of skipped clauses, in their order among the spoken ones."""
        messages: list[ServerMessage] = []
        for skipped in sorted(number for number in self._skipped if number < index):
            messages += self._close()
            self._text = self._joined(self._skipped.pop(skipped).text)
            self._next_clause = skipped + 1
            messages += self._message([], 0.0)
        return messages

    def _next_unknown(self) -> int:
        """The first clause that neither began nor was skipped: it may still be waiting to be played."""
        index = self._next_clause
        while index in self._skipped:
            index += 1
        return index

    def _joined(self, text: str) -> str:
        joined = f" {text}" if self._text_begun else text
        self._text_begun = True
        return joined
