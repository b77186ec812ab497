"""Re-segmentation (Matusov et al. 2005, mWERSegmenter): which words of one long output answer which reference sentence.

The cut points are those with the least word edit distance (Levenshtein 1966) summed over the sentences, which is the
edit distance to all sentences in a row. Case and punctuation don't count. Words that no reference word answers to
belong, between two sentences, to the earlier one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.metrics.word_error_rate import plain

Row = NDArray[np.int64]
"""one entry a cut point of the output: words + 1"""


@dataclass(frozen=True, slots=True)
class Segment:
    """A reference sentence and the source it translates."""

    text: str
    start_s: float
    duration_s: float


def resegment(words: Sequence[str], references: Sequence[str]) -> list[tuple[int, int]]:
    """(first, end) of the words of each reference sentence; together they cover all words. Empty without references.

    Time: words x reference words; memory: words x sentences.
    """
    numbers: dict[str, int] = {}
    output = np.array([numbers.setdefault(_heard(word), len(numbers)) for word in words], np.int64)
    columns = np.arange(len(words) + 1)
    costs, starts = columns, []
    for index, reference in enumerate(references):
        start = columns if index else np.zeros_like(columns)
        for word in reference.split():
            costs, start = _with_word(costs, start, output != numbers.get(_heard(word), -1))
        starts.append(start)
    return _cut(starts, len(words))


def sentence_delays(
    words: Sequence[str], delays_s: Sequence[float], references: Sequence[Segment]
) -> list[list[float]]:
    """The delays of each reference sentence's words, from the start of that sentence's source.

    Raises ValueError where words and delays differ in number.
    """
    if len(words) != len(delays_s):
        raise ValueError(f"{len(words)} words have {len(delays_s)} delays")
    slices = resegment(words, [reference.text for reference in references])
    return [
        [delay - reference.start_s for delay in delays_s[first:end]]
        for reference, (first, end) in zip(references, slices, strict=True)
    ]


def _heard(word: str) -> str:
    """A word that is all punctuation stays itself."""
    return plain(word) or word


def _with_word(costs: Row, start: Row, differs: NDArray[np.bool_]) -> tuple[Row, Row]:
    """The edit distances with one more reference word, and where the sentence begins on the path to each."""
    columns = np.arange(len(costs))
    paired, missing = costs[:-1] + differs, costs[1:] + 1
    entered = np.concatenate((costs[:1] + 1, np.minimum(paired, missing)))
    begun = np.concatenate((start[:1], np.where(paired <= missing, start[:-1], start[1:])))
    # Surplus output words cost 1 each: a cut point may be reached from any earlier one, at best from `source`.
    level = entered - columns
    lowest = np.minimum.accumulate(level)
    source = np.maximum.accumulate(np.where(level == lowest, columns, 0))
    return lowest + columns, begun[source]


def _cut(starts: Sequence[Row], words: int) -> list[tuple[int, int]]:
    """From the last sentence to the first, each ends where the next begins."""
    slices, end = [], words
    for start in reversed(starts):
        first = int(start[end])
        slices.append((first, end))
        end = first
    return slices[::-1]
