"""Changes the tempo of speech without its pitch: waveform-similarity overlap-add (WSOLA, Verhelst & Roelands 1993)."""

from __future__ import annotations

import numpy as np

from streaming.items import Samples

MIN_TEMPO = 1.0
MAX_TEMPO = 1.5
"""Past this, overlap-add drops whole short sounds and speech gets hard to follow."""

WINDOW_MS = 24
"""Two to five pitch periods of any voice: long enough to find a match, short enough not to echo plosives."""
SEARCH_MS = 6
"""Either way: a bit more than half the longest pitch period (80 Hz), so that a match in phase is always in reach."""


def stretch(samples: Samples, tempo: float, rate_hz: int) -> Samples:
    """`samples` in 1/`tempo` of their time, clipped to 1.0-1.5; what is shorter than two windows is left alone."""
    tempo = min(max(tempo, MIN_TEMPO), MAX_TEMPO)
    hop = rate_hz * WINDOW_MS // 2000
    search = rate_hz * SEARCH_MS // 1000
    if tempo == 1.0 or len(samples) < 4 * hop:
        return samples
    length = round(len(samples) / tempo)
    window = np.hanning(2 * hop + 1)[:-1].astype(np.float32)
    source = np.pad(samples, (search, 3 * hop + search))
    stretched = np.zeros(length + 2 * hop, np.float32)
    stretched[:hop] = samples[:hop] * window[hop:]  # so that the first window's rise adds up to the signal itself
    position = 0
    for start in range(0, length, hop):
        position = _best_match(source, position, round(start * tempo), hop, search)
        segment = source[search + position : search + position + 2 * hop]
        stretched[start : start + 2 * hop] += segment * window
        position += hop  # what would follow this segment naturally: the next one must look like it
    return stretched[:length]


def _best_match(source: Samples, natural: int, wanted: int, hop: int, search: int) -> int:
    """The start near `wanted` whose segment is most like the one at `natural` (normalised cross-correlation)."""
    if wanted == 0:
        return 0
    last = len(source) - 2 * search - 2 * hop
    wanted, natural = min(wanted, last), min(natural, last)
    template = source[search + natural : search + natural + 2 * hop]
    region = source[wanted : wanted + 2 * hop + 2 * search]
    correlation = np.correlate(region, template, "valid")
    energy = np.cumsum(np.concatenate(([0.0], region.astype(np.float64) ** 2)))
    norms = np.sqrt(energy[2 * hop :] - energy[: len(correlation)] + 1e-9)
    return wanted - search + int(np.argmax(correlation / norms))
