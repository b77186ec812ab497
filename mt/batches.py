"""Examples in batches of a few shapes, as the tensors that a step needs.

Few shapes, since a GPU's work is captured once for each (`mt/captured.py`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import IterableDataset, get_worker_info

from mt.data import Curriculum, Example
from mt.model import NO_TOKEN

PADDING = -2
_SHUFFLED = 16
"""batches that wait for their turn: those of a shape are full at about the same time, in all workers"""
LENGTHS = (8, 12, 16, 24, 32, 48, 64, 96, 128)
"""tokens a row; longer examples are left out"""


@dataclass(frozen=True, slots=True)
class Batch:
    """B examples, all whole sentences or all prefixes, padded to L tokens; see `Example`."""

    tokens: Tensor
    """(4, B, L), int32: source, meant and settled, each ended by `</s>`; target after NO_TOKEN; then PADDING"""
    facts: Tensor
    """(3, B, 1): stands, waited, complete"""
    whole: bool

    @classmethod
    def of(cls, examples: Sequence[Example], end: int, length: int) -> Batch:
        """`end`: the token `</s>`."""
        rows = np.full((4, len(examples), length), PADDING, np.int32)
        for at, each in enumerate(examples):
            ended = ((*each.source, end), (*each.meant, end), (*each.settled, end), (NO_TOKEN, *each.target))
            for row, tokens in zip(rows, ended, strict=True):
                row[at, : len(tokens)] = tokens
        facts = torch.tensor([[each.stands, each.waited, each.complete] for each in examples])
        return cls(torch.from_numpy(rows), facts.T.unsqueeze(2), examples[0].whole)

    @property
    def shape(self) -> tuple[int, int, bool]:
        return (*self.tokens.shape[1:], self.whole)


class Drawn(IterableDataset[Batch]):
    """Batches without end. Each worker of a DataLoader draws its own."""

    def __init__(self, curriculum: Curriculum, *, end: int, seed: int, tokens: int) -> None:
        self._curriculum = curriculum
        self._end = end
        self._seed = seed
        self._tokens = tokens

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        random = Random(f"{self._seed} {worker.id if worker else 0}")
        for length, examples in batches(self._curriculum, random, tokens=self._tokens):
            yield Batch.of(examples, self._end, length)


def batches(curriculum: Curriculum, random: Random, *, tokens: int) -> Iterator[tuple[int, list[Example]]]:
    """Without end, in random order: a length and examples of one kind that fit in it, with `tokens` in all."""
    waiting: defaultdict[tuple[int, bool], list[Example]] = defaultdict(list)
    full: list[tuple[int, list[Example]]] = []
    while True:
        example = curriculum.draw(random)
        length = next((length for length in LENGTHS if example.length <= length), None)
        if length is None:
            continue
        alike = waiting[length, example.whole]
        alike.append(example)
        if len(alike) == max(1, tokens // (2 * length)):
            full.append((length, [*alike]))
            alike.clear()
        if len(full) > _SHUFFLED:
            yield full.pop(random.randrange(len(full)))
