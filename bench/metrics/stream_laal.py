"""StreamLAAL (Papi et al. 2024): LAAL for one long input, averaged over its re-segmented sentences.

    StreamLAAL = mean over sentences of LAAL(delays from the sentence's start, its source's length, its reference)

Sentences that got no word are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from bench.metrics.laal import length_adaptive_average_lagging
from bench.metrics.resegmentation import Segment, sentence_delays


def stream_laal(words: Sequence[str], delays_s: Sequence[float], references: Sequence[Segment]) -> float:
    """Seconds. `delays_s`: of each word, from the input's beginning. Raises ValueError if no sentence got a word."""
    lags = [
        length_adaptive_average_lagging(
            delays, source_s=reference.duration_s, reference_words=len(reference.text.split())
        )
        for reference, delays in zip(references, sentence_delays(words, delays_s, references), strict=True)
        if delays
    ]
    if not lags:
        raise ValueError("no sentence got a word")
    return mean(lags)
