"""One stretch of a participant's speech in one language: a speech path whose targets follow who is in the room."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress

import anyio
import numpy as np

from server.interpreter import Path, Target
from server.rooms.stream_time import retimed
from server.session import run_session
from server.session_record import SessionRecord
from streaming.audio import ASR_RATE_HZ
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import AudioChunk, Event, Samples
from streaming.trace import CaptureLog

_CHUNKS = 100
"""Two seconds; when full the oldest go, so that a slow moment never becomes a lasting lag."""

_STALLED_S = 0.4
"""So long without sound, muted or a lost connection, is taken as a pause."""

_PAUSE_S = 1.2
"""Silence said to recognition in its place: longer than any pause that the endpointer waits for (`asr.endpointing`)."""


class Speaker:
    """From `run` to `end`; then it concludes what was said. What it tells has times since it was made."""

    def __init__(self, path: Path, tell: Callable[[Event], None]) -> None:
        """`tell` is called with every event."""
        self._path = path
        self._tell = tell
        self._audio: Channel[Samples] = Channel("microphone", _CHUNKS, "drop_oldest")
        self._captures = CaptureLog()
        self._began_s = now()
        self._position = 0

    def aim(self, targets: Sequence[Target]) -> None:
        """Raises UnsupportedLanguage."""
        self._path.aim(targets)

    def hear(self, samples: Samples) -> None:
        """16 kHz, shape (n,); nothing after `end`."""
        with suppress(anyio.ClosedResourceError):
            self._audio.send_nowait(samples)

    def end(self) -> None:
        """No more speech."""
        self._audio.close()

    def retimed(self, event: Event) -> Event:
        """The event as it is told."""
        return retimed(event, lambda position_s: self._captures.captured_at(position_s) - self._began_s)

    async def run(self, record: SessionRecord) -> None:
        """Until all is concluded. Raises the DragomanError that ended it."""
        audio: Channel[AudioChunk] = Channel("recognition input", _CHUNKS, "wait")
        with record.open():
            try:
                await run_session(hear=self._hear, path=self._path, tell=self._say, audio=audio, record=record)
            finally:
                record.add_dropped(self._audio.name, self._audio.dropped)

    async def _hear(self, audio: Channel[AudioChunk]) -> None:
        paused = True
        while True:
            samples = None
            with anyio.move_on_after(_STALLED_S):
                try:
                    samples = await self._audio.receive()
                except anyio.EndOfStream:
                    break
            if samples is not None:
                await self._send(audio, samples)
            elif not paused:
                await self._send(audio, np.zeros(int(_PAUSE_S * ASR_RATE_HZ), np.float32))
            paused = samples is None
        audio.close()

    async def _send(self, audio: Channel[AudioChunk], samples: Samples) -> None:
        chunk = AudioChunk(samples, self._position)
        self._position += len(samples)
        self._captures.push(self._position / ASR_RATE_HZ, now())
        await audio.send(chunk)

    async def _say(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            self._tell(self.retimed(event))
