"""What the session with a peer asks of one system's protocol, and what it reads of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from streaming.items import Samples, Word


class Dialogue(Protocol):
    """One system's protocol about one clip, without I/O. Words carry their segment's times where they have no own."""

    goodbye: bytes
    """tells the peer that the audio is over"""
    flushes: bool
    """after the goodbye the peer says final what was tentative; others need to hear silence before it"""

    @property
    def hello(self) -> str:
        """What is sent first; empty: nothing."""

    @property
    def ready(self) -> bool:
        """The peer takes audio."""

    @property
    def ended(self) -> bool:
        """The peer has said all."""

    @property
    def final(self) -> Sequence[Word]:
        """All words that are final by the peer's own account, from the clip's start."""

    @property
    def tentative(self) -> Sequence[Word]:
        """The words after them, which the peer may still change."""

    def audio(self, samples: Samples) -> bytes:
        """16 kHz mono, as the peer wants it."""

    def received(self, message: str) -> None:
        """Raises SessionRefused for the peer's refusal, Unreachable for what isn't its protocol."""
