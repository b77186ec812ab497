"""uvicorn as this server needs it: its address, TLS, WebSockets, and how it notices that a client is gone."""

from __future__ import annotations

import errno
import socket
import ssl

import uvicorn

from server.app import create_app
from server.config import Settings
from server.runtime import Runtime
from streaming.errors import BadInput
from streaming.wire import FRAME_MAX_BYTES

_LIVENESS = {"TCP_KEEPIDLE": 5, "TCP_KEEPINTVL": 5, "TCP_KEEPCNT": 2, "TCP_USER_TIMEOUT": 15_000}
"""Seconds, seconds, probes, milliseconds: a peer whose machine vanished is given up after 15 s, whether it was silent
(RFC 9293, section 3.8.4) or owes us an acknowledgement (RFC 5482)."""

_GOODBYE_S = 2
"""How long open requests and sessions may take to end when the server stops."""


def create_server(runtime: Runtime) -> uvicorn.Server:
    """Ready to `serve(sockets=[...])`. Raises BadInput for a certificate and key that can't be used."""
    settings = runtime.settings
    config = uvicorn.Config(
        create_app(runtime),
        ssl_certfile=settings.tls_cert,
        ssl_keyfile=settings.tls_key,
        ws="websockets-sansio",
        ws_max_size=FRAME_MAX_BYTES,
        ws_per_message_deflate=False,  # audio hardly shrinks, and what does piles up unseen in front of the decoder
        ws_ping_interval=None,  # a client that sends ahead has its pong wait behind a minute of audio; see _LIVENESS
        timeout_graceful_shutdown=_GOODBYE_S,
        forwarded_allow_ips=["127.0.0.1", "::1"],  # a reverse proxy on this machine says how it was asked
        log_config=None,
        access_log=False,
        server_header=False,
    )
    try:
        config.load()
    except ssl.SSLError as error:
        files = f"{settings.tls_cert}, {settings.tls_key}"
        raise BadInput(f"tls_cert, tls_key: {files} are not a PEM certificate and its key ({error.reason})") from error
    return uvicorn.Server(config)


def listen(settings: Settings) -> socket.socket:
    """The listening socket. Raises BadInput, saying what to change, where the address can't be had."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family)
    except OSError as error:
        raise BadInput(_why_not(settings, error)) from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)  # connections inherit these
    for name, value in _LIVENESS.items():
        if hasattr(socket, name):  # not every system has all
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return listener


def _why_not(settings: Settings, error: OSError) -> str:
    address = f"{settings.host} port {settings.port}"
    match error.errno:
        case errno.EADDRINUSE:
            return f"{address} is in use by another program: choose another --port"
        case errno.EACCES:
            return f"{address} may not be opened by this user: choose a --port from 1024 on"
    return f"host, port: {address} can't be listened on: {(error.strerror or str(error)).partition(' (')[0]}"
