"""LongYAAL (Polák et al. 2025, arXiv 2509.17349): Yet Another Average Lagging, for one long input.

    YAAL = 1/tau * sum over i = 1..tau of  d_i - (i - 1) * |X| / max(|Y|, |Y*|)

as LAAL, of each re-segmented sentence from its start, and averaged over the sentences. But tau is the last word written
before the recording is over: words after a sentence's own end still count, those after the recording's end don't, as
the system could see the whole source by then. As OmniSTEval computes it; sentences without such a word are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile
from statistics import mean

from bench.metrics.resegmentation import Segment, sentence_delays


def long_yaal(
    words: Sequence[str], delays_s: Sequence[float], references: Sequence[Segment], *, source_s: float
) -> float:
    """Seconds. `delays_s`: of each word, from the input's beginning; `source_s`: the whole recording's length.

    Raises ValueError if no sentence got a word before the recording's end.
    """
    sentences = zip(references, sentence_delays(words, delays_s, references), strict=True)
    lags = [_yaal(reference, delays, source_s - reference.start_s) for reference, delays in sentences]
    counted = [lag for lag in lags if lag is not None]
    if not counted:
        raise ValueError("no sentence got a word before the recording's end")
    return mean(counted)


def _yaal(reference: Segment, delays_s: Sequence[float], left_s: float) -> float | None:
    """`left_s`: from the sentence's start to the recording's end."""
    in_time = list(takewhile(lambda delay: delay < left_s, delays_s))
    if not in_time:
        return None
    ideal_step = reference.duration_s / max(len(delays_s), len(reference.text.split()))
    return mean(delay - index * ideal_step for index, delay in enumerate(in_time))
