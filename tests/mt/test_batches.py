"""How examples are put together, and that the workers of a loader draw different ones."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from mt.data import Curriculum, Example

torch = pytest.importorskip("torch", reason="only training needs torch: pip install 'dragoman[train]'")

from torch.utils.data import DataLoader  # noqa: E402

from mt.batches import LENGTHS, PADDING, Batch, Drawn, batches  # noqa: E402
from mt.model import NO_TOKEN  # noqa: E402


class Sizes(Curriculum):
    """Examples of 1 to 140 tokens, half of them prefixes."""

    def __init__(self) -> None:
        pass

    def draw(self, random: Random) -> Example:
        return Example(tuple(random.choices(range(100), k=random.randrange(1, 141))), (), whole=random.random() < 0.5)


def test_a_batch_has_one_kind_and_one_length_and_always_as_many_examples() -> None:
    drawn = [*islice(batches(Sizes(), Random(0), tokens=512), 500)]
    assert {length for length, _ in drawn} == {*LENGTHS}
    for length, examples in drawn:
        assert len(examples) == 512 // (2 * length)
        assert max(example.length for example in examples) <= length
        assert len({example.whole for example in examples}) == 1


def test_a_batch_is_padded_and_ended() -> None:
    example = Example((5, 6), (7,), whole=False, stands=1, meant=(5, 6, 8), settled=(5,), waited=2, complete=False)
    batch = Batch.of([example], end=0, length=5)
    assert batch.shape == (1, 5, False)
    assert batch.tokens.squeeze(1).tolist() == [
        [5, 6, 0, PADDING, PADDING],
        [5, 6, 8, 0, PADDING],
        [5, 0, PADDING, PADDING, PADDING],
        [NO_TOKEN, 7, PADDING, PADDING, PADDING],
    ]
    assert batch.facts.flatten().tolist() == [1, 2, 0]


def _first(seed: int, *, workers: int, count: int) -> list[list[list[int]]]:
    """The sources of the first batches."""
    drawn = Drawn(Sizes(), end=0, seed=seed, tokens=512)
    loader = DataLoader(drawn, batch_size=None, num_workers=workers, multiprocessing_context="fork")
    return [batch.tokens[0].tolist() for batch in islice(loader, count)]


def test_workers_draw_different_examples_and_the_same_again_with_the_same_seed() -> None:
    first, second = _first(1, workers=2, count=2)
    assert first != second
    assert _first(1, workers=2, count=2) == [first, second]
    assert _first(2, workers=1, count=1) != [first]
