"""A participant in a meeting over WebRTC (aiortc), as the page is one: a file as their microphone, or none."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import anyio
import httpx
from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamTrack

from clients.voice_client import SessionRefused
from clients.webrtc import PING_S, FileMicrophone, Heard, hear_track
from streaming.clock import now

_OPEN_S = 15.0


class Participant:
    """One seat in one room. Times are seconds since `joined`."""

    def __init__(self, server: str, room: str, token: str | None = None) -> None:
        self.heard = Heard()
        self.id = ""
        self.resume = ""
        self._url = f"{server.rstrip('/')}/v1/rooms/{room}"
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._joined_s = 0.0
        self._peer = RTCPeerConnection()
        self._events: RTCDataChannel = self._peer.createDataChannel("events")
        self._events.on("message", self._told)
        self._track: MediaStreamTrack | None = None
        self._peer.on("track", self._found)
        self._opened = anyio.Event()
        self._events.on("open", self._opened.set)
        self._over = anyio.Event()
        self._arrived: Callable[[int], None] | None = None

    async def join(self, http: httpx.AsyncClient, microphone: FileMicrophone | None, **wishes: Any) -> None:
        """`wishes`: name, speaks, hears, captions ... as docs/rooms.md. Raises SessionRefused."""
        if microphone is not None:
            self._peer.addTrack(microphone)
        else:
            self._peer.addTransceiver("audio", direction="recvonly")
        await self._peer.setLocalDescription(await self._peer.createOffer())
        body = {"sdp": self._peer.localDescription.sdp, "type": "offer", **wishes}
        response = await http.post(f"{self._url}/join", json=body, headers=self._headers)
        if response.status_code != httpx.codes.OK:
            raise SessionRefused(f"HTTP {response.status_code}: {response.text:.200}")
        answer = response.json()
        self.id, self.resume = answer["participant"], answer["resume"]
        if self._arrived is not None:
            self._bypass_decoder(self._arrived)
        await self._peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))
        with anyio.fail_after(_OPEN_S):
            await self._opened.wait()
        self._joined_s = now()

    async def attend(self) -> None:
        """Hears and reads until `leave`, or the meeting ends."""
        async with anyio.create_task_group() as tasks:
            if self._track is not None and self._arrived is None:
                tasks.start_soon(self._hear, self._track, name="hear")
            tasks.start_soon(self._ping, name="ping")
            await self._over.wait()
            tasks.cancel_scope.cancel()

    def tap(self, arrived: Callable[[int], None]) -> None:
        """Before `join`: the sound isn't even decrypted; `arrived` is told each packet's sequence number."""
        self._arrived = arrived

    async def leave(self) -> None:
        self.send({"leave": {}})
        await self.drop()

    async def drop(self) -> None:
        """Without a word, as a broken connection."""
        self._over.set()
        with anyio.CancelScope(shield=True):
            await self._peer.close()

    def send(self, message: dict[str, Any]) -> None:
        if self._events.readyState == "open":
            self._events.send(json.dumps(message))

    async def until(self, is_so: Callable[[], object], *, within_s: float) -> None:
        """Raises TimeoutError."""
        with anyio.fail_after(within_s):
            while not is_so():  # noqa: ASYNC110 (a test's or bench's condition: nothing tells)
                await anyio.sleep(0.05)

    def _bypass_decoder(self, arrived: Callable[[int], None]) -> None:
        """Counts at the socket: an SRTP packet's sequence number is not encrypted (RFC 3711, section 3.1)."""
        transport = self._peer.getReceivers()[0].transport.transport
        for protocol in transport._connection._protocols:  # aiortc has no way to receive without decoding
            protocol.datagram_received = partial(_count, arrived, protocol.datagram_received)  # type: ignore[method-assign]

    async def _hear(self, track: MediaStreamTrack) -> None:
        await hear_track(track, self.heard, self._elapsed_s)

    async def _ping(self) -> None:
        while True:
            self.send({"ping": {}})
            await anyio.sleep(PING_S)

    def _told(self, text: str) -> None:
        message = json.loads(text)
        self.heard.messages.append((self._elapsed_s(), message))
        if "closed" in message or "removed" in message:
            self._over.set()

    def _found(self, track: MediaStreamTrack) -> None:
        self._track = track

    def _elapsed_s(self) -> float:
        return now() - self._joined_s if self._joined_s else 0.0


def _count(
    arrived: Callable[[int], None], pass_on: Callable[[Any, Any], None], data: bytes, address: tuple[Any, ...]
) -> None:
    if 128 <= data[0] <= 191 and not 192 <= data[1] <= 223:  # RTP, not RTCP (RFC 7983, RFC 5761)
        arrived(int.from_bytes(data[2:4], "big"))
    else:
        pass_on(data, address)
