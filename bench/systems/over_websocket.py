"""A live server over its WebSocket interface, as a room box would use it, in real time."""

from __future__ import annotations

import asyncio

import anyio
import numpy as np

from bench.corpus import Clip
from bench.recording import Recording, Told
from bench.systems.server_compute import compute_seconds, compute_since
from bench.systems.server_messages import ServerMessages
from clients.file import FileSource, in_real_time
from clients.voice_client import SOURCE_TYPE, SPEECH_TYPE, ConnectionLost, VoiceConnection, connect
from streaming import wire
from streaming.audio import SPEECH_RATE_HZ, from_s16le
from streaming.clock import now
from streaming.errors import first_error
from streaming.items import Samples
from streaming.session_request import SessionRequest

_FINISH_S = 60.0
"""for what is still to be translated and spoken after the clip's end"""

_JITTER_S = 0.1
"""A chunk of a clause that comes this little late still follows the one before without a gap: any player's buffer
holds as much."""


class OverWebSocket:
    """Each clip is a session of its own."""

    name = "live server, WebSocket"

    def __init__(self, server_url: str, source: str, target: str, *, key: str | None = None, keep: bool = True) -> None:
        """`source` and `target` are language tags; `key` is the server's API key, where it asks for one.

        Without `keep`, for hours of input, the recording has neither events nor speech: only `told` gets the events.
        """
        self._server = server_url
        self._key = key
        self._keep = keep
        self._request = SessionRequest(
            source_media_content_type=SOURCE_TYPE,
            source_language=source,
            source_language_mode="fixed",
            target_media_languages=(target,),
            target_languages=(target,),
            target_media_content_type=SPEECH_TYPE,
            message_format="msgpack",
            dragoman_events=True,
        )

    def run(self, clip: Clip, told: Told) -> Recording:
        """Raises Unreachable, Busy, Unauthorized, SessionRefused, ConnectionLost; BadInput for the file."""
        before = compute_seconds(self._server)
        recording = asyncio.run(self.listen(clip, told))
        recording.compute_s = compute_since(self._server, before)
        return recording

    async def listen(self, clip: Clip, told: Told) -> Recording:
        """The clip without the server's compute, which it shares with other sessions. Raises as `run`."""
        listener = Listener(Recording(clip, clip.seconds), told, keep=self._keep)
        with first_error(), FileSource(clip.path) as file:
            async with connect(self._server, self._request, self._key) as connection:
                with anyio.move_on_after(clip.seconds + _FINISH_S) as patience:
                    await _converse(connection, file, listener)
        if patience.cancelled_caught:
            raise ConnectionLost(f"the server did not end the stream within {_FINISH_S:.0f} s")
        return listener.concluded()


async def _converse(connection: VoiceConnection, file: FileSource, listener: Listener) -> None:
    async with anyio.create_task_group() as group:
        began_s = now()
        group.start_soon(connection.send_all, in_real_time(file.chunks()), name="speak")
        async for message in connection:
            listener.take(message, now() - began_s)
        group.cancel_scope.cancel()


class Listener:
    """Plays each chunk when it comes, or when the one before it is over, without a cushion."""

    def __init__(self, recording: Recording, told: Told, *, keep: bool = True) -> None:
        self._recording = recording
        self._keep = keep
        self._messages = ServerMessages(recording, told, keep=keep)
        self._announced: wire.EarVoiceSpan | None = None
        self._pieces: list[tuple[int, Samples]] = []
        """each with its first sample's position on the clip's clock"""
        self._quiet_from_s = 0.0

    def take(self, message: wire.Message, at_s: float) -> None:
        """A message that arrived at `at_s` on the clip's clock, in the order of arrival."""
        match message:
            case wire.EarVoiceSpan():
                self._announced = message
            case wire.TargetMediaChunk():
                if message.data:  # a chunk without: a skipped clause's text
                    self._play(message, at_s)
            case _:
                self._messages.push(message, at_s)

    def concluded(self) -> Recording:
        """With the speech laid out on the clip's clock."""
        if self._pieces:
            begin, last = self._pieces[-1]
            self._recording.speech = np.zeros(begin + len(last), np.float32)
            for begin, samples in self._pieces:
                self._recording.speech[begin : begin + len(samples)] = samples
        return self._recording

    def _play(self, chunk: wire.TargetMediaChunk, at_s: float) -> None:
        begins_s = max(at_s, self._quiet_from_s)
        if chunk.text is None and begins_s - self._quiet_from_s <= _JITTER_S:
            begins_s = self._quiet_from_s
        if chunk.text is not None and self._announced is not None:
            self._messages.hear(self._announced, begins_s)
            self._announced = None
        samples = from_s16le(b"".join(chunk.data))
        if self._keep:
            self._pieces.append((round(begins_s * SPEECH_RATE_HZ), samples))
        self._quiet_from_s = begins_s + len(samples) / SPEECH_RATE_HZ
