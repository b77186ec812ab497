"""Examples in batches of like size, so that little of a batch is padding."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from torch.utils.data import IterableDataset, get_worker_info

from mt.data import Curriculum, Example

_POOL_BATCHES = 12
"""as many examples are drawn at a time and sorted by size"""


class Drawn(IterableDataset[list[Example]]):
    """Batches without end. Each worker of a DataLoader draws its own."""

    def __init__(self, curriculum: Curriculum, *, seed: int, tokens: int) -> None:
        self._curriculum = curriculum
        self._seed = seed
        self._tokens = tokens

    def __iter__(self) -> Iterator[list[Example]]:
        worker = get_worker_info()
        random = Random(f"{self._seed} {worker.id if worker else 0}")
        return batches(self._curriculum, random, tokens=self._tokens)


def batches(curriculum: Curriculum, random: Random, *, tokens: int) -> Iterator[list[Example]]:
    """Without end, each of so many source and target tokens at most, padding included.

    Whole sentences and prefixes apart, like sizes together, in random order.
    """
    while True:
        pool = _pool(curriculum, random, tokens * _POOL_BATCHES)
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


def _pool(curriculum: Curriculum, random: Random, tokens: int) -> list[Example]:
    pool: list[Example] = []
    while tokens > 0:
        pool.append(curriculum.draw(random))
        tokens -= pool[-1].size
    return pool
