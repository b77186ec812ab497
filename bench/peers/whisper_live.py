"""WhisperLive 0.10 (Collabora): its WebSocket, with a JSON configuration first and then float32 audio.

A message holds the last segments; one is final with `completed: true` and stays as it is, the one after them is
tentative. On END_OF_AUDIO the server closes without another word: what it may still complete is waited for before.
"""

from __future__ import annotations

import json
from typing import Any

from clients.voice_client import SessionRefused, Unreachable
from streaming.items import Samples, Word

_SEGMENTS = 10
"""of each message; the server's default"""


class WhisperLive:
    """The server's own options set the model, or `small` by its default; its other defaults stand."""

    goodbye = b"END_OF_AUDIO"
    flushes = False

    def __init__(self, language: str) -> None:
        self.ready = False
        self.ended = False
        self.tentative: list[Word] = []
        self._language = language
        self._completed: dict[float, list[Word]] = {}
        """by start: the older ones are no longer sent"""

    @property
    def hello(self) -> str:
        """The configuration."""
        return json.dumps(
            {
                "uid": "dragoman-bench",
                "language": self._language,
                "task": "transcribe",
                "model": "small",
                "use_vad": True,
                "send_last_n_segments": _SEGMENTS,
            }
        )

    @property
    def final(self) -> list[Word]:
        """Of all completed segments, in order."""
        return [word for words in self._completed.values() for word in words]

    def audio(self, samples: Samples) -> bytes:
        """float32, little-endian."""
        return samples.astype("<f4").tobytes()

    def received(self, message: str) -> None:
        """JSON. Raises SessionRefused for a full server or an error it tells."""
        try:
            self._take(json.loads(message))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise Unreachable(f"no message of WhisperLive: {message[:80]!r}") from error

    def _take(self, told: dict[str, Any]) -> None:
        if told.get("status") in ("ERROR", "WAIT"):
            raise SessionRefused(f"WhisperLive: {told['status']} {told.get('message', '')}")
        self.ready = self.ready or told.get("message") == "SERVER_READY"
        self.ended = self.ended or told.get("message") == "DISCONNECT"
        if "segments" not in told:
            return
        segments = told["segments"]
        for segment in segments:
            if segment["completed"]:
                self._completed.setdefault(float(segment["start"]), _words(segment))
        self.tentative = [word for segment in segments if not segment["completed"] for word in _words(segment)]


def _words(segment: dict[str, Any]) -> list[Word]:
    return [Word(text, float(segment["start"]), float(segment["end"])) for text in segment["text"].split()]
