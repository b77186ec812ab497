"""Word alignment of the least edits (Levenshtein 1966)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


def aligned(ours: Sequence[str], theirs: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Indices of the words that stand for each other, equal or substituted, from the last to the first.

    None beside a word that the other side doesn't have. Among equal alignments the one that substitutes most.
    """
    costs = _costs(ours, theirs)
    row, column = len(ours), len(theirs)
    while row or column:
        differs = bool(row and column and ours[row - 1] != theirs[column - 1])
        if row and column and costs[row, column] == costs[row - 1, column - 1] + differs:
            row, column = row - 1, column - 1
            yield row, column
        elif row and costs[row, column] == costs[row - 1, column] + 1:
            row -= 1
            yield row, None
        else:
            column -= 1
            yield None, column


def _costs(ours: Sequence[str], theirs: Sequence[str]) -> np.ndarray:
    """Edit distances of all pairs of beginnings, shape (len(ours) + 1, len(theirs) + 1)."""
    costs = np.zeros((len(ours) + 1, len(theirs) + 1), np.int32)
    columns = np.arange(len(theirs) + 1)
    costs[0] = columns
    words = np.array(theirs, dtype=object)
    for row, word in enumerate(ours, start=1):
        differs = (words != word).astype(np.int32)
        best = np.concatenate(([row], np.minimum(costs[row - 1, :-1] + differs, costs[row - 1, 1:] + 1)))
        costs[row] = np.minimum.accumulate(best - columns) + columns  # a run of insertions
    return costs
