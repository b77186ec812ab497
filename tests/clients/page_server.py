"""A real server in miniature for the page: serves it under its CSP, answers WebRTC offers, plays a script of events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiortc import RTCDataChannel, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from server.response_headers import CONTENT_SECURITY_POLICY

PAGE = Path(__file__).parents[2] / "clients" / "web"
LANGUAGES = [
    {"lang": "en", "name": "English", "source": True, "target": True, "spoken": True, "targets": ["pt-BR"]},
    {"lang": "pt-BR", "name": "Portuguese", "source": True, "target": True, "spoken": True, "targets": ["en"]},
]
WRONG_KEY = JSONResponse({"message": "wrong API key", "code": "unauthorized"}, 401)


@dataclass
class PageServer:
    """What the server answers with, and what it got."""

    script: Sequence[Mapping[str, Any]] = ()
    """sent over the data channel at the first ping"""
    refusal: tuple[int, dict[str, str], dict[str, str]] | None = None
    """status, headers and body instead of an answer"""
    key: str | None = None
    vanishes: bool = False
    """leaves after the script"""
    offers: list[dict[str, Any]] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    peers: list[RTCPeerConnection] = field(default_factory=list)
    channels: list[tuple[asyncio.AbstractEventLoop, RTCDataChannel]] = field(default_factory=list)

    def send(self, event: Mapping[str, Any]) -> None:
        """One more event to the newest page, from the test's thread."""
        loop, channel = self.channels[-1]
        loop.call_soon_threadsafe(channel.send, json.dumps(event))

    async def answer(self, request: Request) -> Response:
        if not self._admits(request):
            return WRONG_KEY
        offer = await request.json()
        self.offers.append(offer)
        if self.refusal:
            status, headers, body = self.refusal
            return JSONResponse(body, status, headers)
        peer = RTCPeerConnection()
        self.peers.append(peer)
        peer.on("datachannel", lambda channel: self._follow(channel, peer))
        await peer.setRemoteDescription(RTCSessionDescription(offer["sdp"], offer["type"]))
        peer.addTrack(AudioStreamTrack())
        await peer.setLocalDescription(await peer.createAnswer())
        local = peer.localDescription
        return JSONResponse({"sdp": local.sdp, "type": local.type, "session_id": "1"})

    def _follow(self, channel: RTCDataChannel, peer: RTCPeerConnection) -> None:
        self.channels.append((asyncio.get_running_loop(), channel))

        @channel.on("message")
        async def received(text: str) -> None:
            self.received.append(json.loads(text))
            for event in self.script if self.received == [{"ping": {}}] else ():
                channel.send(json.dumps(event))
            if self.vanishes:
                await peer.close()
            elif "stop" in self.received[-1]:
                channel.send(json.dumps({"end_of_stream": {}}))

    async def languages(self, request: Request) -> Response:
        return JSONResponse(LANGUAGES) if self._admits(request) else WRONG_KEY

    async def ice(self, request: Request) -> Response:
        return JSONResponse({"ice_servers": []}) if self._admits(request) else WRONG_KEY

    def _admits(self, request: Request) -> bool:
        return self.key is None or request.headers.get("Authorization") == f"DeepL-Auth-Key {self.key}"

    def app(self) -> Any:
        routes = [
            Route("/v3/languages", self.languages),
            Route("/v1/ice", self.ice),
            Route("/v1/webrtc/offer", self.answer, methods=["POST"]),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ]
        return Starlette(routes=routes, middleware=[Middleware(SecurityHeaders)])


class SecurityHeaders:
    """The policy that the page must live with."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        async def secured(message: Any) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", CONTENT_SECURITY_POLICY.encode()))
            await send(message)

        await self.app(scope, receive, secured)
