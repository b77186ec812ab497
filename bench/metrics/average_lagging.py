"""Average Lagging (Ma et al. 2019, STACL): how far the output runs behind an ideal translator that never waits.

    AL = 1/tau * sum over i = 1..tau of  d_i - (i - 1) * |X| / |Y|

d_i is the source taken in when target word i was written, |X| the source's length, |Y| the number of reference words,
tau the first word written with the whole source known. As SimulEval computes it: a first word later than the source's
end counts as its own delay.
"""

from __future__ import annotations

from collections.abc import Sequence


def average_lagging(delays_s: Sequence[float], *, source_s: float, target_words: int) -> float:
    """In the unit of the delays (seconds, or source words). Raises ValueError without delays."""
    if not delays_s:
        raise ValueError("no word was written")
    if delays_s[0] > source_s:
        return delays_s[0]
    ideal_step = source_s / target_words
    lags = []
    for index, delay in enumerate(delays_s):
        lags.append(delay - index * ideal_step)
        if delay >= source_s:
            break
    return sum(lags) / len(lags)
