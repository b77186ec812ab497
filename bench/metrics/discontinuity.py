"""Discontinuities (SimulEval's DiscontinuityNum and DiscontinuityAve): silences inside the translated speech."""

from __future__ import annotations

from collections.abc import Sequence

ROUNDING_S = 1e-6
"""less is what adding up floats leaves, not a silence"""


def discontinuities(delays_s: Sequence[float], durations_s: Sequence[float]) -> list[float]:
    """Seconds of each silence: a piece begins when it is there and the one before it has ended."""
    silences = []
    ends_s = delays_s[0] if delays_s else 0.0
    for delay, duration in zip(delays_s, durations_s, strict=True):
        if delay - ends_s > ROUNDING_S:
            silences.append(delay - ends_s)
        ends_s = max(ends_s, delay) + duration
    return silences
