"""Word error rate: edits (Levenshtein 1966) that turn the hypothesis into the reference, for each reference word."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bench.metrics.word_alignment import aligned


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
    substitutions = deletions = insertions = 0
    for row, column in aligned(wanted, found):
        if column is None:
            deletions += 1
        elif row is None:
            insertions += 1
        else:
            substitutions += wanted[row] != found[column]
    return WordErrors(substitutions, deletions, insertions, len(wanted))


def plain(text: str) -> str:
    """Lower case without punctuation: neither is heard. A hyphen parts words, an apostrophe doesn't."""
    return " ".join(re.sub(r"[^\w\s]", " ", re.sub(r"['’]", "", text.lower())).split())
