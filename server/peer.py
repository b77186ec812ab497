"""The other end of a WebRTC connection, made of what it may have: a microphone, something to hear, a data channel."""

from __future__ import annotations

import re
from collections.abc import Sequence

import anyio
from aiortc import (
    RTCConfiguration,
    RTCDataChannel,
    RTCIceCandidate,
    RTCIceServer,
    RTCPeerConnection,
    RTCRtpTransceiver,
    RTCSessionDescription,
)
from aiortc.mediastreams import MediaStreamTrack

from server.event_channel import EventChannel
from server.ice import IceServer
from server.microphone_input import MicrophoneInput
from server.received_packets import take_over
from streaming.errors import BadInput

_ANSWER_S = 10.0
"""of which a STUN or TURN server that doesn't answer takes five"""

_CLOSE_S = 3.0

_ICE_USERNAME = re.compile(r"^a=ice-ufrag:(\S+)", re.MULTILINE)


class Peer:
    """Wraps the callbacks of an RTCPeerConnection into events that can be awaited."""

    def __init__(
        self,
        ice_servers: Sequence[IceServer] = (),
        *,
        voice: MediaStreamTrack | None = None,
        microphone: MicrophoneInput | None = None,
        events: EventChannel | None = None,
    ) -> None:
        # A list, though empty: aiortc would otherwise ask a public STUN server, and wait for it where there is none.
        servers = [RTCIceServer(list(each.urls), each.username, each.credential) for each in ice_servers]
        self._connection = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self._voice = voice
        self._microphone = microphone
        self._events = events
        self.connected = anyio.Event()
        self.gone = anyio.Event()
        self._connection.on("connectionstatechange", self._follow_state)
        self._connection.on("datachannel", self._take_channel)

    async def answer(self, sdp: str) -> str:
        """The SDP answer, with all our candidates, to an offer.

        Raises BadInput for an offer that is broken, or has no place for what this peer is made of.
        """
        try:
            with anyio.fail_after(_ANSWER_S):
                await self._connection.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
                self._connect_parts()
                await self._connection.setLocalDescription(await self._connection.createAnswer())
                self._check_heard()
        except BadInput:
            raise
        except Exception as error:  # aiortc has no error type of its own for a description that it can't read
            raise BadInput(f"sdp: not a session description that can be answered ({error})") from error
        return self._connection.localDescription.sdp

    @property
    def remote_usernames(self) -> set[str]:
        """The fragments that the other side's ICE user names are made of, as its offer had them."""
        offer = self._connection.remoteDescription
        return set(_ICE_USERNAME.findall(offer.sdp)) if offer else set()

    async def add_candidates(self, candidates: Sequence[RTCIceCandidate | None]) -> None:
        """Of the other side, that it found after its offer; None: there are no more."""
        for candidate in candidates:
            await self._connection.addIceCandidate(candidate)

    async def close(self) -> None:
        """Also when cancelled: the connection's own tasks must end."""
        with anyio.CancelScope(shield=True), anyio.move_on_after(_CLOSE_S):
            if self._voice is not None:
                self._voice.stop()
            await self._connection.close()

    def _connect_parts(self) -> None:
        """Raises BadInput for what the offer lacks."""
        if self._events is not None and self._connection.sctp is None:
            raise BadInput("sdp: the offer has no data channel")
        audio = [each for each in self._connection.getTransceivers() if each.kind == "audio"]
        if not audio:
            raise BadInput("sdp: the offer has no audio")
        for unwanted in self._connection.getTransceivers():  # video above all, which would be decoded for nobody
            unwanted.direction = "inactive"
        self._connect_audio(audio[0])

    def _connect_audio(self, audio: RTCRtpTransceiver) -> None:
        if self._voice is not None:
            self._connection.addTrack(self._voice)
        if self._microphone is not None:
            if audio.receiver.track is None:
                raise BadInput("sdp: the offer has no audio track to listen to")
            self._microphone.track = audio.receiver.track
            take_over(audio.receiver)
        directions = {(True, True): "sendrecv", (True, False): "sendonly", (False, True): "recvonly"}
        audio.direction = directions[self._voice is not None, self._microphone is not None]

    def _check_heard(self) -> None:
        if self._voice is None:
            return
        if not any(each.currentDirection in ("sendrecv", "sendonly") for each in self._connection.getTransceivers()):
            raise BadInput("sdp: the offer's audio does not receive what there is to hear")

    def _take_channel(self, channel: RTCDataChannel) -> None:
        if self._events is not None and self._events.take(channel):
            channel.on("close", self.gone.set)

    def _follow_state(self) -> None:
        state = self._connection.connectionState
        if state == "connected":
            self.connected.set()
        if state in ("failed", "closed"):
            self.gone.set()
