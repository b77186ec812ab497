"""A token bucket for time: how long a client that sends faster than it may has to wait (cf. RFC 2697)."""

from __future__ import annotations

_BURST_S = 2.0
"""Audio that may come at once, so that network jitter and a client's start-up are not held back."""


class Pace:
    """Audio may come `speed` times as fast as real time, with a small burst on top."""

    def __init__(self, speed: float) -> None:
        self._speed = speed
        self._paid_until_s = float("-inf")

    def push(self, audio_s: float, now: float) -> float:
        """Seconds to wait after `audio_s` more seconds of audio arrived; 0.0 while the client keeps the pace."""
        begin_s = max(self._paid_until_s, now - _BURST_S / self._speed)
        self._paid_until_s = begin_s + audio_s / self._speed
        return max(0.0, self._paid_until_s - now)
