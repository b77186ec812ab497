"""How examples are put together, and that the workers of a loader draw different ones."""

from __future__ import annotations

from itertools import islice
from random import Random

import pytest

from mt.data import Curriculum, Example

torch = pytest.importorskip("torch", reason="only training needs torch: pip install 'dragoman[train]'")

from torch.utils.data import DataLoader  # noqa: E402

from mt.batches import Drawn, batches  # noqa: E402


class Sizes(Curriculum):
    """Examples of 1 to 9 tokens, half of them prefixes."""

    def __init__(self) -> None:
        pass

    def draw(self, random: Random) -> Example:
        return Example(tuple(random.choices(range(100), k=random.randrange(1, 10))), (), whole=random.random() < 0.5)


def test_a_batch_keeps_to_its_tokens_has_one_kind_and_little_padding() -> None:
    drawn = [*islice(batches(Sizes(), Random(0), tokens=60), 300)]
    assert {batch[0].whole for batch in drawn} == {True, False}
    for batch in drawn:
        assert len(batch) * max(example.size for example in batch) <= 60
        assert len({example.whole for example in batch}) == 1
    tokens = sum(example.size for batch in drawn for example in batch)
    assert tokens > 0.9 * sum(len(batch) * max(example.size for example in batch) for batch in drawn)


def _first(seed: int, *, workers: int, count: int) -> list[list[Example]]:
    loader = DataLoader(
        Drawn(Sizes(), seed=seed, tokens=60), batch_size=None, num_workers=workers, multiprocessing_context="fork"
    )
    return [*islice(loader, count)]


def test_workers_draw_different_examples_and_the_same_again_with_the_same_seed() -> None:
    first, second = _first(1, workers=2, count=2)
    assert first != second
    assert _first(1, workers=2, count=2) == [first, second]
    assert _first(2, workers=1, count=1) != [first]
