"""Start offset (SimulEval's StartOffset): how long the listener waits for the first output."""

from __future__ import annotations

from collections.abc import Sequence


def start_offset(delays_s: Sequence[float]) -> float:
    """Seconds from the source's beginning. Raises ValueError without output."""
    if not delays_s:
        raise ValueError("there is no output")
    return delays_s[0]
