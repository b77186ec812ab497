"""Admission control: a speaker is let in only where there is room, so that those inside keep their budget."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from streaming.errors import Busy

_RETRY_AFTER_S = 15.0
"""A first guess of when a speaker may have left; short enough for a person to wait for."""


class Admission:
    """Counts the speakers inside against the most that the machine carries."""

    def __init__(self, max_speakers: int) -> None:
        self._max_speakers = max_speakers
        self._speakers = 0

    @property
    def speakers(self) -> int:
        return self._speakers

    def check(self) -> None:
        """Raises Busy where there is no room now."""
        if self._speakers >= self._max_speakers:
            reason = f"the server is full: {self._speakers} of {self._max_speakers} speakers are inside"
            raise Busy(reason, retry_after_s=_RETRY_AFTER_S)

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Room for one speaker while the context lasts. Raises Busy."""
        self.check()
        self._speakers += 1
        try:
            yield
        finally:
            self._speakers -= 1
