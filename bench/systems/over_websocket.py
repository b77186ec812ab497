"""A live server over its WebSocket interface, as a room box would use it, in real time."""

from __future__ import annotations

import asyncio

import anyio
import httpx
import numpy as np
from prometheus_client.parser import text_string_to_metric_families

from bench.corpus import Clip
from bench.recording import Recording, Told
from bench.systems.server_messages import ServerMessages
from clients.file import FileSource, in_real_time
from clients.voice_client import SOURCE_TYPE, SPEECH_TYPE, VoiceConnection, connect
from streaming import wire
from streaming.audio import SPEECH_RATE_HZ, from_s16le
from streaming.clock import now
from streaming.items import Samples
from streaming.session_request import SessionRequest


class OverWebSocket:
    """Each clip is a session of its own."""

    name = "live server, WebSocket"

    def __init__(self, server: str, source: str, target: str, *, key: str | None = None) -> None:
        self._server = server
        self._key = key
        self._request = SessionRequest(
            source_media_content_type=SOURCE_TYPE,
            source_language=source,
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
        after = compute_seconds(self._server)
        recording.compute_s = {model: seconds - before.get(model, 0.0) for model, seconds in after.items()}
        return recording

    async def listen(self, clip: Clip, told: Told) -> Recording:
        """The clip without the server's compute, which it shares with other sessions. Raises as `run`."""
        ear = _Ear(Recording(clip, clip.seconds), told)
        with FileSource(clip.path) as file:
            async with (
                connect(self._server, self._request, self._key) as connection,
                anyio.create_task_group() as group,
            ):
                ear.began_s = now()
                group.start_soon(_speak, connection, file, name="speak")
                async for message in connection:
                    ear.take(message)
                group.cancel_scope.cancel()
        return ear.concluded()


def compute_seconds(server: str) -> dict[str, float]:
    """Seconds of compute so far by model, from the server's metrics. Raises httpx.HTTPError."""
    exposition = httpx.get(f"{server.rstrip('/')}/metrics").raise_for_status().text
    return {
        sample.labels["model"]: sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name == "dragoman_stage_compute_seconds_total"
    }


async def _speak(connection: VoiceConnection, file: FileSource) -> None:
    await connection.send_all(in_real_time(file.chunks()))


class _Ear:
    """A listener that plays each chunk when it comes, or when the one before it is over."""

    def __init__(self, recording: Recording, told: Told) -> None:
        self.began_s = 0.0
        self._recording = recording
        self._messages = ServerMessages(recording, told)
        self._announced: wire.EarVoiceSpan | None = None
        self._pieces: list[tuple[float, Samples]] = []
        self._quiet_from_s = 0.0

    def take(self, message: wire.Message) -> None:
        at_s = now() - self.began_s
        match message:
            case wire.EarVoiceSpan():
                self._announced = message
            case wire.TargetMediaChunk(data=data) if data:
                self._play(from_s16le(b"".join(data)), at_s)
            case _:
                self._messages.push(message, at_s)

    def concluded(self) -> Recording:
        """With the speech laid out on the clip's clock."""
        speech = np.zeros(round(self._quiet_from_s * SPEECH_RATE_HZ) + 1, np.float32)
        for at_s, samples in self._pieces:
            begin = round(at_s * SPEECH_RATE_HZ)
            speech[begin : begin + len(samples)] = samples[: len(speech) - begin]
        self._recording.speech = speech
        return self._recording

    def _play(self, samples: Samples, at_s: float) -> None:
        begins_s = max(at_s, self._quiet_from_s)
        if self._announced is not None:
            self._messages.hear(self._announced, begins_s)
            self._announced = None
        self._pieces.append((begins_s, samples))
        self._quiet_from_s = begins_s + len(samples) / SPEECH_RATE_HZ
