"""A clause's voice read out in order, a little at a time, each time as fast as is asked then."""

from __future__ import annotations

import numpy as np

from streaming.audio import SPEECH_RATE_HZ
from streaming.budget import MOST_TEMPO
from streaming.items import Samples, Speech
from streaming.wsola import Wsola


class PacedSpeech:
    """Tempos are speaking rates, 1.0 = the voice's natural one. Never slower than the clause was made."""

    def __init__(self, speech: Speech) -> None:
        self.clause = speech.clause
        self._samples = speech.samples
        self._made_at = speech.tempo
        self._position = 0
        self._wsola = Wsola()
        self._ready = np.zeros(0, np.float32)

    @property
    def ended(self) -> bool:
        return self._position >= len(self._samples) and len(self._ready) == 0

    def left_s(self, tempo: float) -> float:
        """How long the rest lasts if it is read at `tempo`."""
        unread = len(self._samples) - self._position + self._wsola.held
        return (unread / self._speed(tempo) + len(self._ready)) / SPEECH_RATE_HZ

    def read(self, count: int, tempo: float) -> Samples:
        """The next `count` samples to play, fewer at the end."""
        # Block by block, so that a new tempo is heard within one block and the search's reach.
        while len(self._ready) < count and self._position < len(self._samples):
            block = self._samples[self._position : self._position + count]
            self._position += len(block)
            self._ready = np.concatenate([self._ready, self._wsola.push(block, self._speed(tempo))])
            if self._position >= len(self._samples):
                self._ready = np.concatenate([self._ready, self._wsola.flush()])
        samples, self._ready = self._ready[:count], self._ready[count:]
        return samples

    def _speed(self, tempo: float) -> float:
        return max(1.0, min(tempo, MOST_TEMPO) / self._made_at)
