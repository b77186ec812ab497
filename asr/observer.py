"""What recognition tells whoever counts, while a stream goes on."""

from __future__ import annotations

from typing import Protocol


class RecognitionObserver(Protocol):
    """Told of what no transcript shows."""

    def observe_dropped_words(self, reason: str, count: int) -> None:
        """The guard took words out of a hypothesis; an invented word counts each time that it is recognised."""

    def observe_language_switch(self, before: str, after: str) -> None:
        """The speaker went on in another language, as far as can be told."""
