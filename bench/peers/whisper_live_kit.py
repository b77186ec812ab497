"""WhisperLiveKit 0.2: its WebSocket `/asr`, on a server that was started with `--pcm-input`.

Each message holds the whole text: committed `lines`, and `buffer_transcription`, which may still change. An empty
message ends the audio; the server then commits the rest and says `ready_to_stop`.
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from clients.voice_client import SessionRefused, Unreachable
from streaming.items import Samples, Word

_SILENCE = -2
"""the speaker of a line that is none"""


class WhisperLiveKit:
    """The language stands in the address."""

    goodbye = b""
    flushes = True
    hello = ""

    def __init__(self) -> None:
        self.ready = False
        self.ended = False
        self.final: list[Word] = []
        self.tentative: list[Word] = []

    def audio(self, samples: Samples) -> bytes:
        """s16le."""
        return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()

    def received(self, message: str) -> None:
        """JSON. Raises SessionRefused for an error it tells, or a server that wants compressed audio."""
        try:
            self._take(json.loads(message))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreachable(f"no message of WhisperLiveKit: {message[:80]!r}") from error

    def _take(self, told: dict[str, Any]) -> None:
        if told.get("error"):
            raise SessionRefused(f"WhisperLiveKit: {told['error']}")
        match told.get("type"):
            case "config":
                if not told["useAudioWorklet"]:
                    raise SessionRefused("WhisperLiveKit takes compressed audio: start it with --pcm-input")
                self.ready = True
            case "ready_to_stop":
                self.ended = True
            case None:
                lines = [line for line in told["lines"] if line["speaker"] != _SILENCE]
                self.final = [word for line in lines for word in _words(line)]
                end_s = self.final[-1].end_s if self.final else 0.0
                self.tentative = [Word(text, end_s, end_s) for text in told["buffer_transcription"].split()]


def _words(line: dict[str, Any]) -> list[Word]:
    start_s, end_s = _seconds(line["start"]), _seconds(line["end"])
    return [Word(text, start_s, end_s) for text in line["text"].split()]


def _seconds(time: str) -> float:
    """`H:MM:SS.cc`."""
    hours, minutes, seconds = time.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(seconds)
