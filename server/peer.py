"""The browser at the other end of a WebRTC connection: its microphone, its data channel, whether it is still there."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from aiortc import RTCConfiguration, RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack

from server.session import ClientGone
from server.voice_track import VoiceTrack
from streaming.errors import BadInput
from streaming.wire import ServerMessage, encode

_CHANNEL = "events"
_ANSWER_S = 10.0
_CLOSE_S = 3.0
_MAX_UNSENT_BYTES = 1_000_000
"""Hours of captions; a browser that leaves so much unread is gone."""


class Peer:
    """Wraps the callbacks of an RTCPeerConnection into events that can be awaited."""

    def __init__(self, on_message: Callable[[str], None]) -> None:
        # Without servers: aiortc would otherwise ask a public STUN server, and wait for it where there is no internet.
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self._on_message = on_message
        self._channel: RTCDataChannel | None = None
        self.voice = VoiceTrack()
        self.microphone: MediaStreamTrack | None = None
        self.opened = anyio.Event()
        self.gone = anyio.Event()
        self._connection.on("track", self._take_track)
        self._connection.on("datachannel", self._take_channel)
        self._connection.on("connectionstatechange", self._follow_state)

    async def answer(self, sdp: str) -> RTCSessionDescription:
        """The answer to a browser's offer. Raises BadInput for an offer that is broken or holds no microphone."""
        try:
            with anyio.fail_after(_ANSWER_S):
                await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
                if self.microphone is None:
                    raise BadInput("sdp: the offer has no audio track to listen to")
                self._connection.addTrack(self.voice)
                await self._connection.setLocalDescription(await self._connection.createAnswer())
        except BadInput:
            raise
        except Exception as error:  # aiortc has no error type of its own for a description that it can't read
            raise BadInput(f"sdp: not a session description that can be answered ({error})") from error
        return self._connection.localDescription

    def send(self, message: ServerMessage) -> None:
        """Raises ClientGone when the channel is closed or nobody reads it."""
        channel = self._channel
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > _MAX_UNSENT_BYTES:
            raise ClientGone("the data channel is closed or not read")
        channel.send(encode(message, "json"))

    async def close(self) -> None:
        """Also when cancelled: the connection's own tasks must end."""
        with anyio.CancelScope(shield=True), anyio.move_on_after(_CLOSE_S):
            self.voice.stop()
            await self._connection.close()

    def _take_track(self, track: MediaStreamTrack) -> None:
        if track.kind == "audio" and self.microphone is None:
            self.microphone = track

    def _take_channel(self, channel: RTCDataChannel) -> None:
        if channel.label != _CHANNEL or self._channel is not None:
            return
        self._channel = channel
        channel.on("message", self._on_message)
        channel.on("close", self.gone.set)
        self.opened.set()

    def _follow_state(self) -> None:
        if self._connection.connectionState in ("failed", "closed"):
            self.gone.set()
