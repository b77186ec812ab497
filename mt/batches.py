"""Examples in batches of like size, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from mt.data import Curriculum, Example

_POOL = 1500
"""examples drawn at a time and sorted by size"""


def batches(curriculum: Curriculum, random: Random, *, tokens: int) -> Iterator[list[Example]]:
    """Without end, each of so many source and target tokens at most, padding included.

    Whole sentences and prefixes apart, like sizes together, in random order.
    """
    while True:
        pool = [curriculum.draw() for _ in range(_POOL)]
        cut = []
        for whole in (True, False):
            batch: list[Example] = []
            for example in sorted((each for each in pool if each.whole is whole), key=lambda each: each.size):
                if batch and (len(batch) + 1) * example.size > tokens:
                    cut.append(batch)
                    batch = []
                batch.append(example)
            if batch:
                cut.append(batch)
        random.shuffle(cut)
        yield from cut
