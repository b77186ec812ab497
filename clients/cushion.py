"""A playout cushion: speech begins once a little of it is there, so that uneven arrival isn't heard."""

from __future__ import annotations

from collections import deque

import numpy as np

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

CUSHION_S = 0.1
"""covers the jitter of a wireless network at home or in an office"""
BOUND_S = 30.0
"""the server sends at the pace of speech, so this is never reached unless the sound card stands still"""


class Cushion:
    """What was pushed comes out of `pull`, silence in between. Not thread-safe."""

    def __init__(self, rate_hz: int = SPEECH_RATE_HZ, cushion_s: float = CUSHION_S, bound_s: float = BOUND_S) -> None:
        self.dropped = 0
        """samples thrown away because nobody pulled"""
        self._rate_hz = rate_hz
        self._cushion = round(cushion_s * rate_hz)
        self._bound = round(bound_s * rate_hz)
        self._pieces: deque[Samples] = deque()
        self._held = 0
        self._waited = 0
        self._playing = False

    @property
    def remaining_s(self) -> float:
        """How long it takes to play what is there."""
        return (self._held + self._cushion * (not self._playing)) / self._rate_hz if self._held else 0.0

    def push(self, samples: Samples) -> None:
        """Behind what is there; the oldest is dropped past the bound."""
        self._pieces.append(samples)
        self._held += len(samples)
        while self._held > self._bound:
            oldest = self._pieces.popleft()
            self._held -= len(oldest)
            self.dropped += len(oldest)

    def pull(self, count: int) -> Samples:
        """The next `count` samples for the loudspeaker."""
        out = np.zeros(count, np.float32)
        if not self._begins(count):
            return out
        filled = 0
        while filled < count and self._pieces:
            piece = self._pieces.popleft()
            taken = min(count - filled, len(piece))
            out[filled : filled + taken] = piece[:taken]
            if taken < len(piece):
                self._pieces.appendleft(piece[taken:])
            filled += taken
        self._held -= filled
        self._playing = self._held > 0
        return out

    def _begins(self, count: int) -> bool:
        """A piece shorter than the cushion begins after the cushion's time."""
        if not self._held:
            return False
        if not self._playing and self._held < self._cushion and self._waited < self._cushion:
            self._waited += count
            return False
        self._playing, self._waited = True, 0
        return True
