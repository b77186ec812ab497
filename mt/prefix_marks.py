"""Which words of a prefix's target are safe, due or neither: what each output teaches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from mt.data import Example


@dataclass(frozen=True, slots=True)
class Marks:
    """Which outputs of a batch (B, T) teach what. Not on the training device: they are set one by one."""

    known: NDArray[np.bool_]
    """the next token is certain"""
    guessed: NDArray[np.bool_]
    """the next token is due and not certain: learnt among the tokens that aren't `</s>`"""
    read: NDArray[np.bool_]
    """`</s>`: nothing is safe yet"""


def mark_prefix(example: Example, agrees: Sequence[bool], starts: Sequence[int], marks: Marks, row: int) -> None:
    """Marks a prefix's target word by word: safe words are known, the first that isn't is a READ.

    Past it only what is due by wait-k is learnt, as a guess or, where the teacher is sure again, as known.
    """
    all_safe = True
    for begin, end in pairwise(starts):
        if begin < example.stands:
            continue
        safe, due = all(agrees[begin:end]), begin < example.waited
        if not safe and (all_safe or due):
            marks.read[row, begin] = True
        all_safe = all_safe and safe
        if safe and (all_safe or due):
            marks.known[row, begin:end] = True
        elif due:
            marks.guessed[row, begin:end] = True
    if all_safe and example.complete:
        marks.read[row, len(example.target)] = True
