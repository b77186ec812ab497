from __future__ import annotations

import numpy as np

from server.rooms.loudness import Loudness
from streaming.items import Samples


def chunk(level: float) -> Samples:
    return np.full(320, level, np.float32)


def test_a_voice_is_speech_and_stays_so_between_words() -> None:
    loudness = Loudness()
    assert loudness.push(chunk(0.1))
    assert all(loudness.push(chunk(0.0)) for _ in range(30))


def test_a_quiet_room_is_not_and_a_long_pause_ends_it() -> None:
    loudness = Loudness()
    assert not loudness.push(chunk(0.001))
    loudness.push(chunk(0.1))
    assert not [loudness.push(chunk(0.0)) for _ in range(40)][-1]
