"""A room in miniature for the meeting page: serves the page under its CSP, answers as a test says."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError, MediaStreamTrack
from page_server import PAGE, SecurityHeaders
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

ROOM = "abcd-efgh-ijkl"
LANGUAGES = [
    {
        "lang": lang,
        "name": lang,
        "usable_as_source": True,
        "usable_as_target": True,
        "features": {"transcription": {}, "translated_speech": {}},
        "targets": targets,
    }
    for lang, targets in (("en", ["pt"]), ("pt", ["en"]))
]

Refusal = tuple[int, dict[str, str], dict[str, str]]
"""status, headers and body"""


@dataclass
class MeetingServer:
    """What it answers with, and what it got."""

    role: str = "host"
    transcripts: str = "1d"
    others: Sequence[Mapping[str, Any]] = ()
    """participants beside whoever joins"""
    listeners: int = 0
    script: Sequence[Mapping[str, Any]] = ()
    """sent over the data channel at the first ping"""
    refusal: Refusal | None = None
    """instead of an answer to whoever joins"""
    description_refusal: Refusal | None = None
    joins: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    tokens: list[str | None] = field(default_factory=list)
    """of the requests, as they came"""
    connections: list[tuple[asyncio.AbstractEventLoop, RTCPeerConnection, RTCDataChannel]] = field(default_factory=list)
    heard: deque[int] = field(default_factory=lambda: deque(maxlen=50))
    """the loudest sample of each frame that came from the newest microphone"""
    _mine: dict[str, Any] = field(default_factory=dict)

    def send(self, message: Mapping[str, Any]) -> None:
        """To the newest page, from the test's thread."""
        loop, _, channel = self.connections[-1]
        loop.call_soon_threadsafe(channel.send, json.dumps(message))

    def cut(self) -> None:
        """The newest connection breaks off."""
        loop, peer, _ = self.connections[-1]
        asyncio.run_coroutine_threadsafe(peer.close(), loop).result(10)

    def room(self, **changes: Any) -> dict[str, Any]:
        """The body of a message `room`; the changes are of whoever joined."""
        self._mine |= changes
        mine = [self._mine] if self._mine["speaks"] else []
        return {
            "room": ROOM,
            "name": "Board meeting",
            "you": self._mine,
            "role": self.role,
            "transcripts": self.transcripts,
            "glossaries": [],
            "listeners": self.listeners,
            "participants": [*mine, *self.others],
        }

    async def describe(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization"))
        if self.description_refusal:
            return _refused(self.description_refusal)
        body = {"room": ROOM, "name": "Board meeting", "role": self.role, "transcripts": self.transcripts}
        return JSONResponse(body | {"speakers": 2, "listeners": 1, "languages": LANGUAGES})

    async def open(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization"))
        return JSONResponse({"room": ROOM, "name": "", "token": "t", "link": f"/meet/#room={ROOM}&token=t"}, 201)

    async def invite(self, request: Request) -> Response:
        role = (await request.json())["role"]
        link = f"/meet/#room={ROOM}&token={role}"
        return JSONResponse({"token": role, "link": link, "expires_at": 1_800_000_000_000}, 201)

    async def transcript(self, request: Request) -> Response:
        return PlainTextResponse(f"kept as {request.query_params['format']}")

    async def join(self, request: Request) -> Response:
        asked = await request.json()
        self.joins.append(asked)
        if self.refusal:
            return _refused(self.refusal)
        if "resume" not in asked:
            wishes = {key: asked[key] for key in ("name", "speaks", "hears", "captions", "original", "voice")}
            state = {"muted": False, "connected": True, "speaking": False}
            self._mine = {"id": "p1", "role": self.role, **wishes, **state}
        peer = RTCPeerConnection()
        peer.on("track", lambda track: asyncio.ensure_future(self._hear(track)))
        peer.on("datachannel", lambda channel: self._follow(peer, channel))
        await peer.setRemoteDescription(RTCSessionDescription(asked["sdp"], asked["type"]))
        peer.addTrack(AudioStreamTrack())
        await peer.setLocalDescription(await peer.createAnswer())
        local = peer.localDescription
        answer = {"sdp": local.sdp, "type": local.type, "participant": "p1", "resume": "again"}
        return JSONResponse(answer | {"room": self.room()})

    async def _hear(self, track: MediaStreamTrack) -> None:
        with contextlib.suppress(MediaStreamError):
            while True:
                frame = await track.recv()
                self.heard.append(int(abs(frame.to_ndarray()).max()))

    def _follow(self, peer: RTCPeerConnection, channel: RTCDataChannel) -> None:
        self.connections.append((asyncio.get_running_loop(), peer, channel))

        @channel.on("message")
        def received(text: str) -> None:
            first = not self.received
            self.received.append(json.loads(text))
            for message in self.script if first else ():
                channel.send(json.dumps(message))

    async def ice(self, _request: Request) -> Response:
        return JSONResponse({"ice_servers": []})

    async def glossaries(self, _request: Request) -> Response:
        return JSONResponse({"glossaries": [{"name": "board"}, {"name": "products"}]})

    def app(self) -> Any:
        path = f"/v1/rooms/{ROOM}"
        routes = [
            Route("/v1/rooms", self.open, methods=["POST"]),
            Route(path, self.describe),
            Route(f"{path}/join", self.join, methods=["POST"]),
            Route(f"{path}/invite", self.invite, methods=["POST"]),
            Route(f"{path}/transcript", self.transcript),
            Route("/v1/ice", self.ice),
            Route("/v3/glossaries", self.glossaries),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ]
        return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])


def _refused(refusal: Refusal) -> Response:
    status, headers, body = refusal
    return JSONResponse(body, status, headers)


def participant(number: int, name: str, speaks: str, **changes: Any) -> dict[str, Any]:
    """One of the others."""
    wishes = {"speaks": speaks, "hears": speaks, "captions": speaks, "original": 0.2, "voice": None}
    state = {"muted": False, "connected": True, "speaking": False}
    return {"id": f"p{number}", "name": name, "role": "speaker", **wishes, **state, **changes}


def caption(
    seq: int, who: Mapping[str, Any], sentence: int, language: str, text: str, **changes: Any
) -> dict[str, Any]:
    """A message: whole sentences of whoever it is."""
    original = who["speaks"] == language
    body = {"seq": seq, "participant": who["id"], "name": who["name"], "sentence": sentence, "language": language}
    said = {"original": original, "text": text, "tentative": "", "ends": True}
    return {"caption": body | said | {"start_time": 4000 * seq, "end_time": 4000 * seq + 3000} | changes}
