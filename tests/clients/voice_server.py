"""The realtime voice interface in miniature: a real server that hears everything and answers with a short tone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from streaming import wire
from streaming.audio import SPEECH_RATE_HZ, to_s16le

TONE = np.sin(2 * np.pi * 440 * np.arange(SPEECH_RATE_HZ // 10) / SPEECH_RATE_HZ).astype(np.float32) / 2


@dataclass
class VoiceServer:
    """Answers the chunk number `speak_at` with 100 ms of voice and a caption on both sides."""

    key: str | None = None
    busy: bool = False
    speak_at: int = 3
    fail_with: str | None = None
    vanish_at: int | None = None
    """closes the connection at this chunk"""
    request: dict[str, Any] = field(default_factory=dict)
    heard: list[bytes] = field(default_factory=list)

    async def grant(self, request: Request) -> Response:
        if self.key and request.headers.get("Authorization") != f"DeepL-Auth-Key {self.key}":
            return JSONResponse({"message": "wrong key"}, 403)
        if self.busy:
            return JSONResponse({"message": "all places are taken"}, 503, {"Retry-After": "7"})
        self.request = await request.json()
        host = request.headers["Host"]
        url = f"ws://{host}/v3/voice/realtime/connect"
        return JSONResponse({"streaming_url": url, "token": "t+1", "session_id": "s"})

    async def converse(self, socket: WebSocket) -> None:
        await socket.accept()
        assert socket.query_params["token"] == "t+1"
        while True:
            event = await socket.receive()
            if event["type"] == "websocket.disconnect":
                return
            message = wire.decode(event.get("text") or event["bytes"], self.request["message_format"])
            if isinstance(message, wire.EndOfSourceMedia):
                await self._send(socket, wire.EndOfTargetMedia("pt"), wire.EndOfStream())
                return await socket.close()
            assert isinstance(message, wire.SourceMediaChunk)
            self.heard.append(message.data)
            if len(self.heard) == self.vanish_at:
                return await socket.close()
            if len(self.heard) == self.speak_at:
                await self._send(socket, *self._answer())

    def _answer(self) -> list[wire.ServerMessage]:
        if self.fail_with:
            return [wire.Error("source_media_chunk", 500, 1, self.fail_with)]
        return [
            wire.SourceTranscriptUpdate((wire.SourceSegment("en", "Good morning.", 0.0, 300.0),)),
            wire.TargetTranscriptUpdate("pt", (wire.TargetSegment("Bom dia.", 0.0, 300.0),)),
            wire.EarVoiceSpan("pt", 2.0, 0, "Bom dia.", 0.0, 300.0, 300.0, 100.0),
            wire.TargetMediaChunk("pt", (to_s16le(TONE),), 100.0, "Bom dia.", "audio/pcm", 0),
        ]

    async def _send(self, socket: WebSocket, *messages: wire.ServerMessage) -> None:
        for message in messages:
            frame = wire.encode(message, self.request["message_format"])
            await (socket.send_text(frame) if isinstance(frame, str) else socket.send_bytes(frame))

    def app(self) -> Starlette:
        grant = Route("/v3/voice/realtime", self.grant, methods=["POST"])
        return Starlette(routes=[grant, WebSocketRoute("/v3/voice/realtime/connect", self.converse)])
