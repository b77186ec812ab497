"""A seat in a meeting: what a participant's connection, of whatever kind, gives and takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import anyio
from av import Packet

from streaming.channel import Channel
from streaming.items import AudioChunk
from streaming.mixer import DUCKED_GAIN
from streaming.session_request import Gender

Role = Literal["host", "speaker", "listener"]
"""Each may do what those after it may."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a participant asks for; languages are primary ones."""

    name: str
    speaks: str | None = None
    """None: listens only"""
    hears: str | None = None
    """None: no translated voice"""
    captions: str | None = None
    original: float = DUCKED_GAIN
    """gain of the speakers of other languages while their translation speaks; 1: never turned down"""
    voice: Gender | None = None
    """in which others hear this speaker"""
    muted: bool = False


class Seat(Protocol):
    """Taken from `Meeting.join` or `Meeting.resume`, given back by `leave` or, for a lost connection, by `lose`."""

    participant: str
    resume: str
    """token with which to take the seat again"""
    packets: Channel[Packet]
    """Opus at 48 kHz, 20 ms each: this participant's mix"""
    messages: Channel[dict[str, Any]]
    """for the participant, see docs/rooms.md"""
    over: anyio.Event
    """set when the meeting wants the participant out, once the last message is in `messages`"""

    def state(self) -> dict[str, Any]:
        """The body of the message `room`, as this participant sees it."""

    async def hear(self, microphone: AsyncIterator[AudioChunk]) -> None:
        """Takes the microphone until it ends; may be called again after a resume. Never called for who only listens."""

    def take(self, message: dict[str, Any]) -> None:
        """A message of the participant's. What can't be done is answered by a message `error`."""

    def leave(self) -> None:
        """For good."""

    def lose(self) -> None:
        """The connection is gone; the seat is kept for 30 s."""
