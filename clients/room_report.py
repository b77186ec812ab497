"""What `dragoman room` shows: captions or events on standard output, one closing line on standard error."""

from __future__ import annotations

import dataclasses
import json
import sys
from statistics import median

from clients.caption_lines import CaptionLines
from streaming import wire
from streaming.clock import now
from streaming.structuring import unstructure


class RoomReport:
    """Fed with every message of a session."""

    def __init__(self, *, captions: bool, events: bool) -> None:
        self._captions = CaptionLines() if captions and not events else None
        self._events = events
        self._start_s = now()
        self._spoken_ms = 0.0
        self._spans: list[float] = []
        """one number a clause"""

    def push(self, message: wire.Message) -> None:
        """One message from the server."""
        if self._events:
            _print_event(message, now() - self._start_s)
        match message:
            case wire.SourceTranscriptUpdate() | wire.TargetTranscriptUpdate() if self._captions:
                _print_lines(self._captions.push(message))
            case wire.TargetMediaChunk(duration=duration):
                self._spoken_ms += duration
            case wire.EarVoiceSpan(seconds=seconds):
                self._spans.append(seconds)

    def end(self) -> None:
        """The lines that are still open, and how it went."""
        if self._captions:
            _print_lines(self._captions.flush())
        said = f"{self._spoken_ms / 1000:.1f} s of translated speech"
        if self._spans:
            said += f", ear-voice span {median(self._spans):.1f} s (median), {max(self._spans):.1f} s (largest)"
        print(said, file=sys.stderr)


def _print_lines(lines: list[str]) -> None:
    for line in lines:
        print(line, flush=True)


def _print_event(message: wire.Message, at_s: float) -> None:
    if isinstance(message, wire.TargetMediaChunk):
        message = dataclasses.replace(message, data=())
    event = {"at_s": round(at_s, 3), wire.NAMES[type(message)]: unstructure(message)}
    print(json.dumps(event, ensure_ascii=False), flush=True)
