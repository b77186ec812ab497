"""What a listener hears in 20 ms: translations over ducked originals, and plainly who speaks their language. No I/O."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from server.rooms.roster import MixKey
from streaming.audio import SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.items import Samples
from streaming.mixer import Mixer

_KNEE = 0.8
"""Above this a sum of voices is bent, not cut: two at their loudest stay below 1 and make no click."""


class Mix:
    """The mix of all who share a key. Frames are 20 ms at 24 kHz."""

    def __init__(self, key: MixKey) -> None:
        self._key = key
        self._mixer = Mixer(SPEECH_RATE_HZ, ducked_gain=key.original)

    def mix(self, originals: Mapping[str, Samples], voices: Mapping[tuple[str, str], Samples]) -> Samples:
        """`originals` by speaker, `voices` by speaker and language, of all the room. Shape (480,), within (-1, 1)."""
        plain, ducked, spoken = np.zeros((3, SPEECH_FRAME), np.float32)
        if self._key.hears is None:
            return plain
        for (speaker, language), frame in voices.items():
            if language == self._key.hears and speaker != self._key.without:
                spoken += frame
        for speaker, frame in originals.items():
            if speaker == self._key.without:
                continue
            if (speaker, self._key.hears) not in voices:  # the listener's own language, or one not translated into it
                plain += frame
            elif self._key.original > 0:
                ducked += frame
        return _soft_clipped(plain + self._mixer.mix(ducked, spoken))


def _soft_clipped(samples: Samples) -> Samples:
    """Continuous with its first derivative at the knee; the same below it."""
    over = np.maximum(np.abs(samples) - _KNEE, 0.0)
    if not over.any():
        return samples
    bent = _KNEE + (1 - _KNEE) * np.tanh(over / (1 - _KNEE))
    return np.where(over > 0, np.sign(samples) * bent, samples).astype(np.float32)
