"""The two kinds of socket that peers listen at: WebSocket, and raw TCP with a line a message."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import anyio
import websockets
from anyio.abc import SocketStream

from clients.voice_client import ConnectionLost, Unreachable

_CONNECT_S = 10.0
_MOST = 1 << 16
"""bytes of a line: no segment of speech is longer"""


class Link(Protocol):
    """A connection. `send` and `messages` raise ConnectionLost."""

    async def send(self, data: str | bytes) -> None: ...

    def messages(self) -> AsyncIterator[str]:
        """Until the peer closes."""


class WebSocketLink:
    """A message a WebSocket message."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket

    async def send(self, data: str | bytes) -> None:
        """Text as text, bytes as binary."""
        try:
            await self._socket.send(data)
        except websockets.ConnectionClosed as error:
            raise ConnectionLost(f"the peer closed the connection: {error}") from error

    async def messages(self) -> AsyncIterator[str]:
        """Binary messages are none of these protocols'."""
        try:
            async for message in self._socket:
                if isinstance(message, str):
                    yield message
        except websockets.ConnectionClosed as error:
            raise ConnectionLost(f"the peer broke the connection off: {error}") from error


class LineLink:
    """A message a line; sending nothing closes our direction."""

    def __init__(self, stream: SocketStream) -> None:
        self._stream = stream

    async def send(self, data: str | bytes) -> None:
        """Text in UTF-8; empty: no more will be sent."""
        try:
            if data:
                await self._stream.send(data.encode() if isinstance(data, str) else data)
            else:
                await self._stream.send_eof()
        except (anyio.BrokenResourceError, OSError) as error:
            raise ConnectionLost(f"the peer closed the connection: {error}") from error

    async def messages(self) -> AsyncIterator[str]:
        """Without their line feeds."""
        rest = b""
        try:
            async for data in self._stream:
                *lines, rest = (rest + data).split(b"\n")
                for line in lines:
                    yield line.decode(errors="replace")
                if len(rest) > _MOST:
                    raise Unreachable(f"the peer's line has more than {_MOST} bytes")
        except (anyio.BrokenResourceError, OSError) as error:
            raise ConnectionLost(f"the peer broke the connection off: {error}") from error


@asynccontextmanager
async def web_socket(url: str) -> AsyncIterator[Link]:
    """Raises Unreachable."""
    try:
        # A peer that loads its model on its event loop answers no ping meanwhile, and is well.
        socket = await websockets.connect(url, open_timeout=_CONNECT_S, ping_interval=None, compression=None)
    except (OSError, TimeoutError, websockets.WebSocketException, ValueError) as error:
        raise Unreachable(f"the WebSocket {url} does not open: {error}") from error
    async with socket:
        yield WebSocketLink(socket)


@asynccontextmanager
async def line_socket(address: str) -> AsyncIterator[Link]:
    """`address`: HOST:PORT. Raises Unreachable."""
    host, _, port = address.rpartition(":")
    try:
        with anyio.fail_after(_CONNECT_S):
            stream = await anyio.connect_tcp(host, int(port))
    except (OSError, TimeoutError, ValueError) as error:
        raise Unreachable(f"{address} (HOST:PORT) does not open: {error}") from error
    async with stream:
        yield LineLink(stream)
