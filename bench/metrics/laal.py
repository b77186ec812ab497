"""Length-Adaptive Average Lagging (Papi et al. 2022; Polák et al. 2022): AL that a long-winded output can't improve.

As Average Lagging with |Y| = max(words of the reference, words of the output).
"""

from __future__ import annotations

from collections.abc import Sequence

from bench.metrics.average_lagging import average_lagging


def length_adaptive_average_lagging(delays_s: Sequence[float], *, source_s: float, reference_words: int) -> float:
    """In the unit of the delays. Raises ValueError without delays."""
    return average_lagging(delays_s, source_s=source_s, target_words=max(len(delays_s), reference_words))
