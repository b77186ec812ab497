"""The socket client of the realtime voice interface (DeepL Voice API v3): PCM in, decoded messages out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

import httpx
import websockets
from websockets.asyncio.client import ClientConnection

from streaming import wire
from streaming.audio import to_s16le
from streaming.errors import BadInput, Busy, DragomanError, Unauthorized
from streaming.items import Samples
from streaming.session_request import SessionRequest

SOURCE_TYPE = "audio/pcm;encoding=s16le;rate=16000"
SPEECH_TYPE = "audio/pcm;encoding=s16le;rate=24000"
REQUEST_TIMEOUT_S = 15.0
DEFAULT_RETRY_S = 15.0
FRAME_MAX_BYTES = 4 * 1024 * 1024
"""a clause's voice in one frame, with room to spare"""


class Unreachable(DragomanError):
    """There is no such server, or what answers is not one."""

    code = "unreachable"
    status = 502


class ConnectionLost(DragomanError):
    """The connection ended before the stream did."""

    code = "connection_lost"
    status = 502


class SessionRefused(DragomanError):
    """The server ended the session with an error message, or refused it for a reason of its own."""

    code = "session_refused"


@dataclass(frozen=True, slots=True)
class Grant:
    """The server's answer to a session request."""

    streaming_url: str
    token: str
    session_id: str


class VoiceConnection:
    """One session: iterate for the server's messages while another task sends."""

    def __init__(self, socket: ClientConnection, session_id: str, message_format: wire.MessageFormat) -> None:
        self.session_id = session_id
        self._socket = socket
        self._format = message_format

    async def send(self, samples: Samples) -> None:
        """A chunk of 16 kHz mono speech, at most a second. What comes after the end of the connection is dropped."""
        await self._send(wire.SourceMediaChunk(to_s16le(samples)))

    async def send_all(self, source: AsyncIterator[Samples]) -> None:
        """Every chunk of the source, then the end."""
        async for samples in source:
            await self.send(samples)
        await self.finish()

    async def finish(self) -> None:
        """Nothing more will be said: the server concludes and ends the stream."""
        await self._send(wire.EndOfSourceMedia())

    async def __aiter__(self) -> AsyncIterator[wire.Message]:
        """Messages up to EndOfStream.

        Raises SessionRefused on the server's error message, ConnectionLost when the connection ends before the stream.
        """
        try:
            async for frame in self._socket:
                message = wire.decode(frame, self._format)
                if isinstance(message, wire.Error):
                    raise SessionRefused(message.error_message)
                yield message
                if isinstance(message, wire.EndOfStream):
                    return
        except websockets.ConnectionClosed as error:
            raise ConnectionLost("the connection to the server was lost") from error
        raise ConnectionLost("the server closed the connection before the end of the stream")

    async def _send(self, message: wire.Message) -> None:
        try:
            await self._socket.send(wire.encode(message, self._format))
        except websockets.ConnectionClosed:
            return  # the receiving side tells why


@asynccontextmanager
async def connect(server: str, request: SessionRequest, key: str | None = None) -> AsyncIterator[VoiceConnection]:
    """Opens a session at `server` (such as `https://dragoman.example`).

    Raises Unauthorized, Busy (with the time to wait), BadInput (the request), Unreachable or SessionRefused.
    """
    grant = await request_session(server, request, key)
    url = f"{grant.streaming_url}?token={quote(grant.token)}"
    try:
        socket = await websockets.connect(url, max_size=FRAME_MAX_BYTES, compression=None)
    except (OSError, TimeoutError, websockets.WebSocketException, ValueError) as error:
        raise Unreachable(f"the WebSocket {grant.streaming_url} does not open: {error}") from error
    async with socket:
        yield VoiceConnection(socket, grant.session_id, request.message_format)


async def request_session(server: str, request: SessionRequest, key: str | None) -> Grant:
    """The first of the two steps: where to connect, and the token that opens the door once."""
    try:
        async with httpx.AsyncClient(timeout=REQUEST_TIMEOUT_S) as http:
            url = f"{server.rstrip('/')}/v3/voice/realtime"
            response = await http.post(url, json=request.to_json(), headers=key_headers(key))
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
        raise Unreachable(f"{server} does not answer: {error}") from error
    if response.status_code != httpx.codes.OK:
        raise _refusal(server, response)
    body = _json(response)
    try:
        return Grant(body["streaming_url"], body["token"], body.get("session_id", ""))
    except KeyError as error:
        raise Unreachable(f"{server} answers, but not as a Dragoman server") from error


def key_headers(key: str | None) -> dict[str, str]:
    """How the server is shown its API key."""
    return {"Authorization": f"DeepL-Auth-Key {key}"} if key else {}


def _refusal(server: str, response: httpx.Response) -> DragomanError:
    said = _json(response).get("message") or f"HTTP {response.status_code}"
    match response.status_code:
        case 400 | 422:
            return BadInput(said)
        case 401 | 403:
            return Unauthorized(f"{server} does not accept this key: {said}")
        case 429 | 503:
            wait_s = _retry_after_s(response)
            return Busy(f"{server} is busy: {said} (try again in {wait_s:.0f} s)", retry_after_s=wait_s)
        case 404 | 405:
            return Unreachable(f"{server} answers, but not as a Dragoman server ({said})")
        case _:
            return SessionRefused(said)


def _retry_after_s(response: httpx.Response) -> float:
    try:
        return float(response.headers["Retry-After"])
    except (KeyError, ValueError):
        return DEFAULT_RETRY_S


def _json(response: httpx.Response) -> dict[str, Any]:
    try:
        body = response.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}
