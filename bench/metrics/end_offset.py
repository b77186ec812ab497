"""End offset (SimulEval's EndOffset): how long the output goes on after the source's end."""

from __future__ import annotations

from collections.abc import Sequence


def end_offset(intervals_s: Sequence[tuple[float, float]], *, source_s: float) -> float:
    """`intervals_s`: (start, duration) of each piece of speech; words have none. Raises ValueError without any."""
    if not intervals_s:
        raise ValueError("there is no output")
    start, duration = intervals_s[-1]
    return start + duration - source_s
