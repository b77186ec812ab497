"""The data channel `events` of a WebRTC peer: JSON messages both ways."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from aiortc import RTCDataChannel

from server.session import ClientGone

_LABEL = "events"
_MAX_UNSENT_BYTES = 1_000_000
"""Hours of captions; a browser that leaves so much unread is gone."""


class EventChannel:
    """Wraps a data channel's callbacks; there may be none yet."""

    def __init__(self, on_message: Callable[[str | bytes], None]) -> None:
        self.opened = anyio.Event()
        self._on_message = on_message
        self._channel: RTCDataChannel | None = None

    def take(self, channel: RTCDataChannel) -> bool:
        """Whether it is the one: the first of its name."""
        if channel.label != _LABEL or self._channel is not None:
            return False
        self._channel = channel
        channel.on("message", self._on_message)
        self.opened.set()
        return True

    def send(self, message: str | bytes) -> None:
        """Raises ClientGone when the channel is closed or nobody reads it."""
        channel = self._channel
        if channel is None or channel.readyState != "open" or channel.bufferedAmount > _MAX_UNSENT_BYTES:
            raise ClientGone("the data channel is closed or not read")
        channel.send(message)
