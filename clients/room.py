"""A room in conversation with the server: one source of speech goes up, the translated voice comes down."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Protocol

import anyio
import numpy as np
from anyio import to_thread

from clients.time_line import TimeLine
from clients.voice_client import ConnectionLost, VoiceConnection
from streaming import wire
from streaming.audio import from_s16le
from streaming.clock import now
from streaming.items import Samples

ECHO_TAIL_S = 0.3
"""a meeting room still sounds for about so long after the loudspeaker falls silent"""
FINISH_S = 60.0
"""for the words that are still to be translated and spoken after the end of the source"""


class Speaker(Protocol):
    """What plays 24 kHz speech."""

    @property
    def remaining_s(self) -> float:
        """How long it still makes sound, 0 when it is silent."""

    async def play(self, samples: Samples) -> None:
        """Plays behind what it still has to play."""


class RecordingSpeaker:
    """Plays onto a time line whose start is the moment this object is made."""

    def __init__(self, time_line: TimeLine) -> None:
        self._time_line = time_line
        self._start_s = now()

    @property
    def remaining_s(self) -> float:
        return max(0.0, self._start_s + self._time_line.end_s - now())

    async def play(self, samples: Samples) -> None:
        await to_thread.run_sync(self._time_line.place, samples, now() - self._start_s)


class Room:
    """One session, from the first word to the end of the stream."""

    def __init__(
        self,
        connection: VoiceConnection,
        speaker: Speaker,
        *,
        half_duplex: bool = False,
        tell: Callable[[wire.Message], None] = lambda message: None,
    ) -> None:
        """`half_duplex` sends silence while the loudspeaker speaks; `tell` is called with each message."""
        self._connection = connection
        self._speaker = speaker
        self._half_duplex = half_duplex
        self._tell = tell
        self._muted_until_s = 0.0
        self._listening = anyio.CancelScope()
        self._deadline = anyio.CancelScope()

    async def converse(self, source: AsyncIterator[Samples]) -> None:
        """Until the source has ended, or `finish` was called, and the rest is spoken.

        Raises what the connection raises, and ConnectionLost when the server does not end the stream in time.
        """
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(self._listen, source, name="listen")
            with self._deadline:
                await self._hear()
            tasks.cancel_scope.cancel()
        if self._deadline.cancelled_caught:
            raise ConnectionLost(f"the server did not end the stream within {FINISH_S:.0f} s")
        await anyio.sleep(self._speaker.remaining_s)

    def finish(self) -> None:
        """Stops listening; what was said is still translated and spoken."""
        self._listening.cancel()

    async def _listen(self, source: AsyncIterator[Samples]) -> None:
        with self._listening:
            async for samples in source:
                await self._connection.send(np.zeros_like(samples) if self._muted() else samples)
        await self._connection.finish()
        self._deadline.deadline = now() + FINISH_S

    def _muted(self) -> bool:
        if not self._half_duplex:
            return False
        if self._speaker.remaining_s:
            self._muted_until_s = now() + ECHO_TAIL_S
        return now() < self._muted_until_s

    async def _hear(self) -> None:
        async for message in self._connection:
            if isinstance(message, wire.TargetMediaChunk) and message.data:
                await self._speaker.play(from_s16le(b"".join(message.data)))
            self._tell(message)
