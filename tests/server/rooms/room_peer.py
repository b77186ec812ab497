"""A participant's side of a connection (aiortc), and the routes that it comes in by."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Any

import anyio
import httpx
import numpy as np
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame
from fake_meeting import FakeRooms, FakeSeat
from fastapi import FastAPI

from server.config import Settings
from server.error_answers import add_error_answers
from server.rooms.access import Access
from server.rooms.connect_api import ConnectApi
from server.rooms.entrance import Entrance
from server.rooms.store import RoomStore
from server.rooms.whip_api import WhipApi
from server.runtime import Runtime

WISHES = {"name": "Ana", "speaks": "pt", "hears": "pt", "captions": "pt"}


@dataclass
class Routes:
    """The routes alone, without a server's socket, in front of a fake meeting."""

    http: httpx.AsyncClient
    runtime: Runtime
    rooms: FakeRooms
    room: str

    def bearer(self, role: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.runtime.access.issue(role, self.room, 60.0)}"}


@asynccontextmanager
async def routes(folder: Path, settings: Settings | None = None) -> AsyncIterator[Routes]:
    settings, rooms, app = settings or Settings(), FakeRooms(), FastAPI()
    runtime = Runtime.from_settings(settings)
    runtime.access = Access(runtime.keys, policy=settings.rooms, secret=lambda: b"of the tests" * 3)
    runtime.room_store = RoomStore(folder / "rooms.sqlite3", longest="none")
    room = runtime.room_store.create("", open=True, transcripts="none", glossaries=())
    entrance = Entrance(runtime, rooms)
    app.include_router(ConnectApi(runtime, entrance).router())
    app.include_router(WhipApi(runtime, entrance).router())
    add_error_answers(app, runtime.metrics)
    transport = httpx.ASGITransport(app)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://test") as http,
        anyio.create_task_group() as runtime.sessions,
    ):
        yield Routes(http, runtime, rooms, room.id)
        runtime.sessions.cancel_scope.cancel()


class Tone(MediaStreamTrack):
    """A microphone that hears a tone, in real time."""

    kind = "audio"
    position = 0
    stuck = False

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(3600 if self.stuck else 0.02)
        tone = np.sin(2 * np.pi * 300 * (np.arange(960) + self.position) / 48_000)
        frame = AudioFrame.from_ndarray((tone * 8000).astype("<i2").reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self.position, Fraction(1, 48_000)
        self.position += 960
        return frame


@dataclass
class RoomPeer:
    """What a page does, or a broadcaster's tool with no channel."""

    direction: str = "sendrecv"
    channel: bool = True
    ice: RTCConfiguration = field(default_factory=lambda: RTCConfiguration(iceServers=[]))
    messages: list[dict[str, Any]] = field(default_factory=list)
    heard: list[AudioFrame] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.peer = RTCPeerConnection(self.ice)
        self.microphone = Tone()
        self.peer.addTransceiver(self.microphone if "send" in self.direction else "audio", self.direction)
        self.peer.on("track", lambda track: setattr(self, "hearing", asyncio.ensure_future(self._drain(track))))
        if self.channel:
            self.events = self.peer.createDataChannel("events")
            self.events.on("message", lambda text: self.messages.append(json.loads(text)))

    async def offer(self) -> str:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        return str(self.peer.localDescription.sdp)

    async def accept(self, sdp: str) -> None:
        await self.peer.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def _drain(self, track: MediaStreamTrack) -> None:
        while True:
            try:
                self.heard.append(await track.recv())
            except MediaStreamError:
                return


async def until(condition: Any, within_s: float = 10.0) -> None:
    """Waits until it holds; nothing tells."""
    with anyio.fail_after(within_s):
        while not condition():  # noqa: ASYNC110
            await anyio.sleep(0.02)


async def join(server: Routes, peer: RoomPeer, role: str = "speaker", **fields: Any) -> dict[str, Any]:
    body = {"sdp": await peer.offer(), "type": "offer", **(fields or WISHES)}
    response = await server.http.post(f"/v1/rooms/{server.room}/join", json=body, headers=server.bearer(role))
    answer: dict[str, Any] = response.raise_for_status().json()
    await peer.accept(answer["sdp"])
    return answer


@asynccontextmanager
async def joined(server: Routes, **fields: Any) -> AsyncIterator[tuple[RoomPeer, FakeSeat]]:
    """One who is in, and whose channel is open."""
    peer = RoomPeer()
    try:
        await join(server, peer, **fields)
        await until(lambda: peer.events.readyState == "open")
        yield peer, server.rooms.seats[-1]
    finally:
        await peer.peer.close()
