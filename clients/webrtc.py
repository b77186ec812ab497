"""A small WebRTC client (aiortc): a file as its microphone, what it hears and is told recorded. For tests and load."""

from __future__ import annotations

import fractions
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import anyio
import httpx
import numpy as np
from aiortc import MediaStreamTrack, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from anyio import to_thread
from av import AudioFrame, AudioResampler

from clients.file import FileSource
from clients.voice_client import ConnectionLost, SessionRefused, key_headers
from streaming.audio import ASR_RATE_HZ, FRAME_MS, SPEECH_RATE_HZ, from_s16le, to_s16le
from streaming.clock import now
from streaming.items import Samples

_FRAME = ASR_RATE_HZ * FRAME_MS // 1000
PING_S = 5.0
FINISH_S = 60.0
"""for what is still to be translated and spoken after the file's end"""
HEARD_MAX_S = 2 * 3600.0
"""what is kept of the sound that was heard"""


@dataclass(slots=True)
class Heard:
    """What came back, times in seconds from the first sample of the microphone."""

    messages: list[tuple[float, dict[str, Any]]] = field(default_factory=list)
    pieces: list[Samples] = field(default_factory=list)
    """24 kHz mono, one after the other as the track brought them, silence among them"""
    begins_s: float = 0.0
    """when the first piece came"""

    @property
    def samples(self) -> Samples:
        return np.concatenate(self.pieces) if self.pieces else np.zeros(0, np.float32)

    def all(self, kind: str) -> list[dict[str, Any]]:
        """The bodies of all messages of this name."""
        return [message[kind] for _, message in self.messages if kind in message]


class FileMicrophone(MediaStreamTrack):
    """The file in real time, then silence for as long as anyone listens."""

    kind = "audio"

    def __init__(self, chunks: Iterator[Samples]) -> None:
        super().__init__()
        self.ended_file = anyio.Event()
        self.start_s: float | None = None
        self._chunks = chunks
        self._position = 0

    async def recv(self) -> AudioFrame:
        samples = await to_thread.run_sync(next, self._chunks, None)
        if samples is None:
            self.ended_file.set()
            samples = np.zeros(0, np.float32)
        if self.start_s is None:
            self.start_s = now()
        self._position += _FRAME
        await anyio.sleep_until(self.start_s + self._position / ASR_RATE_HZ)
        return self._frame(np.pad(samples, (0, _FRAME - len(samples))))

    def _frame(self, samples: Samples) -> AudioFrame:
        frame = AudioFrame(format="s16", layout="mono", samples=_FRAME)
        frame.planes[0].update(to_s16le(samples))
        frame.sample_rate = ASR_RATE_HZ
        frame.time_base = fractions.Fraction(1, ASR_RATE_HZ)
        frame.pts = self._position - _FRAME
        return frame


async def hear_track(track: MediaStreamTrack, heard: Heard, elapsed_s: Callable[[], float]) -> None:
    """Records the track until it ends."""
    to_speech = AudioResampler(format="s16", layout="mono", rate=SPEECH_RATE_HZ)
    while True:
        try:
            frame = cast(AudioFrame, await track.recv())
        except MediaStreamError:
            return
        if not heard.pieces:
            heard.begins_s = elapsed_s()
        if len(heard.pieces) * FRAME_MS / 1000 < HEARD_MAX_S:
            heard.pieces += [from_s16le(piece.to_ndarray().tobytes()) for piece in to_speech.resample(frame)]


class WebRtcClient:
    """One session, as the page would have it."""

    def __init__(self, microphone: FileMicrophone) -> None:
        self.heard = Heard()
        self._microphone = microphone
        self._peer = RTCPeerConnection()
        self._peer.addTrack(microphone)
        self._events: RTCDataChannel = self._peer.createDataChannel("events")
        self._events.on("message", self._told)
        self._track: MediaStreamTrack | None = None
        self._peer.on("track", self._found)
        self._peer.on("connectionstatechange", self._changed)
        self._opened = anyio.Event()
        self._events.on("open", self._opened.set)
        self._over = anyio.Event()

    async def talk(self, server: str, *, key: str | None = None, **offer: Any) -> Heard:
        """Speaks the whole file and hears it out; `offer` adds source_language, target_language and voice.

        Raises SessionRefused for an HTTP error or an error message, ConnectionLost when the stream has no end.
        """
        try:
            await self._offer(server, offer, key)
            async with anyio.create_task_group() as tasks:
                tasks.start_soon(self._hear, name="hear")
                tasks.start_soon(self._ping, name="ping")
                await self._speak()
                tasks.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await self._peer.close()
        return self._checked()

    async def _offer(self, server: str, offer: dict[str, Any], key: str | None) -> None:
        await self._peer.setLocalDescription(await self._peer.createOffer())
        local = self._peer.localDescription
        body = {"sdp": local.sdp, "type": local.type, **offer}
        async with httpx.AsyncClient(timeout=30) as http:
            url = f"{server.rstrip('/')}/v1/webrtc/offer"
            response = await http.post(url, json=body, headers=key_headers(key))
        if response.status_code != httpx.codes.OK:
            raise SessionRefused(f"HTTP {response.status_code}: {response.text:.200}")
        answer = response.json()
        await self._peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))

    async def _speak(self) -> None:
        await self._microphone.ended_file.wait()
        self._send({"stop": {}})
        with anyio.move_on_after(FINISH_S):
            await self._over.wait()

    async def _hear(self) -> None:
        if self._track is not None:
            await hear_track(self._track, self.heard, self._elapsed_s)

    async def _ping(self) -> None:
        await self._opened.wait()
        while True:
            self._send({"ping": {}})
            await anyio.sleep(PING_S)

    def _send(self, message: dict[str, Any]) -> None:
        if self._events.readyState == "open":
            self._events.send(json.dumps(message))

    def _told(self, text: str) -> None:
        message = json.loads(text)
        self.heard.messages.append((self._elapsed_s(), message))
        if "end_of_stream" in message or "error" in message:
            self._over.set()

    def _found(self, track: MediaStreamTrack) -> None:
        self._track = track

    def _changed(self) -> None:
        if self._peer.connectionState in ("failed", "closed"):
            self._over.set()

    def _elapsed_s(self) -> float:
        start_s = self._microphone.start_s
        return 0.0 if start_s is None else now() - start_s

    def _checked(self) -> Heard:
        for error in self.heard.all("error"):
            raise SessionRefused(error.get("error_message", "the session ended with an error"))
        if not self.heard.all("end_of_stream"):
            raise ConnectionLost("the server did not end the stream")
        return self.heard


async def talk(server: str, path: Path, *, key: str | None = None, **offer: Any) -> Heard:
    """Speaks a file to the server as the page would. Raises as `WebRtcClient.talk`, and BadInput for the file."""
    with FileSource(path) as source:
        microphone = FileMicrophone(source.chunks(FRAME_MS))
        return await WebRtcClient(microphone).talk(server, key=key, **offer)
