"""Word error rate: edits (Levenshtein 1966) that turn the hypothesis into the reference, for each reference word."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Counts that add up over clips."""

    substitutions: int = 0
    deletions: int = 0
    """words of the reference that are missing"""
    insertions: int = 0
    """words that the reference doesn't have"""
    words: int = 0
    """of the reference"""

    @property
    def rate(self) -> float:
        """Errors for each reference word. Raises ZeroDivisionError without reference words."""
        return (self.substitutions + self.deletions + self.insertions) / self.words

    def __add__(self, other: WordErrors) -> WordErrors:
        return WordErrors(
            self.substitutions + other.substitutions,
            self.deletions + other.deletions,
            self.insertions + other.insertions,
            self.words + other.words,
        )


def word_errors(reference: str, hypothesis: str) -> WordErrors:
    """Of the plain words; among equal alignments the one that substitutes most."""
    wanted, found = plain(reference).split(), plain(hypothesis).split()
    costs = _costs(wanted, found)
    row, column = len(wanted), len(found)
    substitutions = deletions = insertions = 0
    while row or column:
        differs = bool(row and column and wanted[row - 1] != found[column - 1])
        if row and column and costs[row, column] == costs[row - 1, column - 1] + differs:
            substitutions += differs
            row, column = row - 1, column - 1
        elif row and costs[row, column] == costs[row - 1, column] + 1:
            deletions, row = deletions + 1, row - 1
        else:
            insertions, column = insertions + 1, column - 1
    return WordErrors(substitutions, deletions, insertions, len(wanted))


def plain(text: str) -> str:
    """Lower case without punctuation: neither is heard. A hyphen parts words, an apostrophe doesn't."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’]", "", text.lower())).split())


def _costs(wanted: list[str], found: list[str]) -> np.ndarray:
    """Edit distances of all pairs of beginnings, shape (len(wanted) + 1, len(found) + 1)."""
    costs = np.zeros((len(wanted) + 1, len(found) + 1), np.int32)
    columns = np.arange(len(found) + 1)
    costs[0] = columns
    words = np.array(found, dtype=object)
    for row, word in enumerate(wanted, start=1):
        differs = (words != word).astype(np.int32) if found else np.zeros(0, np.int32)
        best = np.concatenate(([row], np.minimum(costs[row - 1, :-1] + differs, costs[row - 1, 1:] + 1)))
        costs[row] = np.minimum.accumulate(best - columns) + columns  # a run of insertions
    return costs
