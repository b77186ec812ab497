"""whisper_streaming (Macháček, Dabre & Bojar 2023): `whisper_online_server.py`, raw TCP, from its published source.

Audio goes in as s16le at 16 kHz; lines `BEGIN_MS END_MS TEXT` come out, each final. Nothing tentative is sent, and what
is tentative when our direction closes is lost: the server has no flush. Its protocol is tested, it was not run here.
"""

from __future__ import annotations

import numpy as np

from clients.voice_client import Unreachable
from streaming.items import Samples, Word


class WhisperStreaming:
    """The server's own options set the language and the model."""

    goodbye = b""
    flushes = False
    hello = ""
    ready = True
    ended = False
    tentative: tuple[Word, ...] = ()

    def __init__(self) -> None:
        self.final: list[Word] = []

    def audio(self, samples: Samples) -> bytes:
        """s16le."""
        return (np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes()

    def received(self, message: str) -> None:
        """A line. Raises Unreachable for one without its two times."""
        line = message.strip("\0\r ")  # the server's older packets are padded with zeros
        if not line:
            return
        try:
            begin_ms, end_ms, *texts = line.split()
            begin_s, end_s = float(begin_ms) / 1000, float(end_ms) / 1000
        except ValueError as error:
            raise Unreachable(f"no line of whisper_streaming: {line[:80]!r}") from error
        self.final += [Word(text, begin_s, end_s) for text in texts]
