"""How `dragoman bench stages` times a model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bench.stages_command import CLAUSES, RUNS, SENTENCES, timed


@dataclass
class Echo:
    name: str = "echo"
    max_batch: int = 3
    threads: int = 1
    batches: list[int] = field(default_factory=list)

    def run(self, batch: Sequence[str]) -> Sequence[str]:
        self.batches.append(len(batch))
        return batch


def test_batches_go_up_to_what_the_model_takes() -> None:
    assert [(batch, list(results)) for batch, _, results in timed(Echo(), "a")] == [(1, ["a"]), (2, ["a", "a"])]


def test_one_run_more_than_counted_of_each_batch_size() -> None:
    echo = Echo(max_batch=1)
    list(timed(echo, "a"))
    assert echo.batches == [1] * (RUNS + 1)


@pytest.mark.parametrize("language", SENTENCES)
def test_the_sentences_have_5_15_and_30_words(language: str) -> None:
    assert [len(sentence.split()) for sentence in SENTENCES[language]] == [5, 15, 30]


def test_every_language_with_sentences_has_clauses() -> None:
    assert CLAUSES.keys() == SENTENCES.keys()
