"""Word latency: how long after a word was spoken it was committed, by an offline alignment's account of when that was.

A recogniser's own word ends are part of what is measured, so they can't be the measure: each committed word is held
against the equal word of the alignment, with the least edits between the two (Levenshtein 1966).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.metrics.word_alignment import aligned
from bench.metrics.word_error_rate import plain
from streaming.items import Word


@dataclass(frozen=True, slots=True)
class CommittedWord:
    """A word and when it was committed, both on the clip's clock."""

    word: Word
    at_s: float


def word_latencies(committed: Sequence[CommittedWord], spoken: Sequence[Word]) -> list[float]:
    """Seconds, one a committed word, in order; a word that `spoken` doesn't have counts from its own end."""
    ends_s = matched_ends([one.word.text for one in committed], spoken)
    return [
        one.at_s - (one.word.end_s if end_s is None else end_s) for one, end_s in zip(committed, ends_s, strict=True)
    ]


def matched_ends(texts: Sequence[str], spoken: Sequence[Word]) -> list[float | None]:
    """Where each text's word ends in `spoken`; None for a word that was substituted or inserted."""
    ours, theirs = [_bare(text) for text in texts], [_bare(word.text) for word in spoken]
    ends_s: list[float | None] = [None] * len(ours)
    for row, column in aligned(ours, theirs):
        if row is not None and column is not None and ours[row] == theirs[column]:
            ends_s[row] = spoken[column].end_s
    return ends_s


def _bare(text: str) -> str:
    """One word stays one, also with a hyphen in it."""
    return plain(text).replace(" ", "")
