"""A participant's connection to a running meeting: the `Seat` that transports know."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any, Protocol

import anyio
from av import Packet

from streaming.channel import Channel
from streaming.items import AudioChunk, Samples

_PACKETS = 25
"""Half a second of sound; when full the oldest go, so that a transport that stood still doesn't lag behind for ever."""

_MESSAGES = 1000
"""Minutes of captions. A participant who leaves so many unread is taken for gone; what they missed comes again."""


class Host(Protocol):
    """What a seat needs of its meeting, as `server.rooms.meeting.Meeting`."""

    def state(self, participant: str) -> dict[str, Any]: ...

    def hear(self, participant: str, samples: Samples) -> None: ...

    def take(self, participant: str, message: dict[str, Any]) -> None: ...

    def leave(self, participant: str) -> None: ...

    def lose(self, seat: MeetingSeat) -> None: ...


class MeetingSeat:
    """Implements `server.rooms.seat.Seat`."""

    def __init__(self, host: Host, participant: str, resume: str) -> None:
        self.participant = participant
        self.resume = resume
        self.packets: Channel[Packet] = Channel("mix", _PACKETS, "drop_oldest")
        self.messages: Channel[dict[str, Any]] = Channel("messages of a participant", _MESSAGES, "wait")
        self.over = anyio.Event()
        self._host = host

    def state(self) -> dict[str, Any]:
        return self._host.state(self.participant)

    async def hear(self, microphone: AsyncIterator[AudioChunk]) -> None:
        async for chunk in microphone:
            if self.over.is_set():
                return
            self._host.hear(self.participant, chunk.samples)

    def take(self, message: dict[str, Any]) -> None:
        if not self.over.is_set():
            self._host.take(self.participant, message)

    def leave(self) -> None:
        if not self.over.is_set():
            self._host.leave(self.participant)

    def lose(self) -> None:
        self._host.lose(self)

    def tell(self, kind: str, body: dict[str, Any]) -> None:
        """A message to the participant; never waits."""
        if self.over.is_set():
            return
        try:
            self.messages.send_nowait({kind: body})
        except anyio.WouldBlock:
            self.lose()
        except anyio.BrokenResourceError:
            return  # the connection has just ended

    def end(self) -> None:
        """The meeting has nothing more to say here."""
        self.over.set()
        with suppress(anyio.ClosedResourceError):
            self.messages.close()
            self.packets.close()
