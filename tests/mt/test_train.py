"""Which outputs of a prefix teach what, and that a step of training learns it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from itertools import repeat
from pathlib import Path

import numpy as np
import pytest

from mt.data import Example
from mt.lessons import Lesson
from mt.marian import read_student
from streaming.errors import DragomanError
from tests.mt.tiny_student import marian_bytes, tiny_weights

torch = pytest.importorskip("torch", reason="only training needs torch: pip install 'dragoman[train]'")
pytest.importorskip("simplemma", reason="only training needs simplemma: pip install 'dragoman[train]'")

from mt.batches import Batch  # noqa: E402
from mt.checkpoint import restore, save  # noqa: E402
from mt.model import MarianStudent  # noqa: E402
from mt.prefix_marks import Outputs, mark_prefixes  # noqa: E402
from mt.train import train  # noqa: E402
from mt.trainer import Settings, Trainer, rate  # noqa: E402

SETTINGS = Settings(steps=100, peak_rate=0.01)


class Words:
    """One token a word: its number."""

    end = 0

    def __init__(self) -> None:
        self.starts_word = np.arange(40) != self.end

    def encode(self, text: str) -> list[int]:
        return [int(word) for word in text.split()]


def _marks(
    agrees: list[bool], *, waited: int, complete: bool = False, stands: int = 0, begins: list[bool] | None = None
) -> tuple[list[int], list[int], list[int]]:
    """Of a target, of one token a word unless `begins` says otherwise: where it is known, guessed, a READ."""
    padding = [False] * 2
    outputs = Outputs(
        torch.tensor([[True] * (len(agrees) + 1) + padding]),
        torch.tensor([[*(begins or [True] * len(agrees)), True, *padding]]),
        *(torch.tensor([[fact]]) for fact in (stands, waited, complete)),
    )
    marks = mark_prefixes(outputs, torch.tensor([[*agrees, False, *padding]]))
    known, guessed, read = (part[0].nonzero().squeeze(1).tolist() for part in (marks.known, marks.guessed, marks.read))
    return known, guessed, read


def test_words_are_known_until_the_first_that_is_not_safe_which_is_a_read() -> None:
    assert _marks([True, True, False, True], waited=0) == ([0, 1], [], [2])


def test_what_stands_already_is_neither_learnt_nor_a_read() -> None:
    assert _marks([False, False, True, False], waited=0, stands=2) == ([2], [], [3])


def test_words_that_are_due_are_guessed_though_nothing_is_safe() -> None:
    assert _marks([True, False, False, True], waited=3) == ([0], [1, 2], [1, 2])


def test_a_word_that_is_due_and_safe_again_is_known() -> None:
    assert _marks([False, True, True], waited=2) == ([1], [0], [0])


def test_a_word_of_several_tokens_is_safe_as_a_whole() -> None:
    begins = [True, True, False, True]
    assert _marks([True, True, True, False], waited=0, begins=begins) == ([0, 1, 2], [], [3])
    assert _marks([True, True, False, True], waited=0, begins=begins) == ([0], [], [1])


def test_a_complete_target_that_is_all_safe_ends_in_a_read() -> None:
    assert _marks([True, True], waited=0, complete=True) == ([0, 1], [], [2])


def test_the_rate_warms_up_and_falls_to_zero() -> None:
    rates = [rate(SETTINGS, step) for step in (0, 1, 3, 49, 99)]
    assert rates[:2] == pytest.approx([0.0025, 0.005]) and rates[2] == pytest.approx(0.01, rel=0.01)
    assert rates[3] == pytest.approx(0.005) and rates[4] == pytest.approx(0)


def _batch(*examples: Example) -> Batch:
    return Batch.of(examples, end=Words.end, length=8)


def _trainer(folder: Path, settings: Settings = SETTINGS) -> Trainer:
    (folder / "tiny.bin").write_bytes(marian_bytes(tiny_weights()))
    student = read_student(folder / "tiny.bin")
    lessons = [Lesson("toy", "3 4", "5 6"), Lesson("toy", "7", "8")]
    return Trainer(MarianStudent(student), MarianStudent(student).eval(), Words(), lessons, settings)


def test_steps_lower_the_loss_and_leave_the_embeddings_alone(tmp_path: Path) -> None:
    trainer = _trainer(tmp_path)
    before = trainer.model.weights["Wemb"].detach().clone()
    batch = _batch(Example((3, 4), (5, 6), whole=True), Example((7,), (8,), whole=True))
    losses = [float(trainer.step(batch)[0, 0]) for _ in range(15)]
    assert losses[-1] < 0.5 * losses[0]
    assert torch.equal(trainer.model.weights["Wemb"], before)


def test_a_trainer_leaves_its_tokenizer_as_it_was(tmp_path: Path) -> None:
    tokenizer = _trainer(tmp_path).tokenizer
    assert not tokenizer.starts_word[tokenizer.end]


def test_a_prefix_teaches_a_read(tmp_path: Path) -> None:
    trainer = _trainer(tmp_path)
    batch = _batch(Example((3,), (5, 6), whole=False, settled=(3,), waited=0))
    reads = [float(trainer.step(batch)[0, 2]) for _ in range(15)]
    assert 0 < reads[-1] < 0.5 * reads[0]


def test_a_run_ends_after_its_steps_those_before_a_pause_included(tmp_path: Path) -> None:
    settings, endless = replace(SETTINGS, steps=30), repeat(_batch(Example((3, 4), (5, 6), whole=True)))
    first, second = _trainer(tmp_path, replace(settings, steps=20)), _trainer(tmp_path, settings)
    train(first, endless, tmp_path)
    restore(second, tmp_path)
    train(second, endless, tmp_path)
    assert (first.steps, second.steps) == (20, 30)
    logged = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [(line["step"], line["tokens"]) for line in logged] == [(20, 20 * 3), (30, 10 * 3)]


@pytest.mark.parametrize(("steps", "stopped"), [(100, 20), (7, 7)])
def test_a_run_stops_when_its_losses_are_no_numbers_and_keeps_what_it_had(
    tmp_path: Path, steps: int, stopped: int
) -> None:
    trainer = _trainer(tmp_path, replace(SETTINGS, steps=steps))
    endless = repeat(_batch(Example((3, 4), (5, 6), whole=True)))
    save(trainer, tmp_path)
    with torch.no_grad():
        trainer.trained[0].fill_(math.nan)
    with pytest.raises(DragomanError, match=f"no numbers after step {stopped}"):
        train(trainer, endless, tmp_path)
    assert np.isfinite(read_student(tmp_path / "model.bin").arrays["encoder_l1_ffn_W1"]).all()


def test_a_run_that_is_continued_has_the_same_weights(tmp_path: Path) -> None:
    first, second = _trainer(tmp_path), _trainer(tmp_path)
    first.step(_batch(Example((3, 4), (5, 6), whole=True)))
    save(first, tmp_path)
    restore(second, tmp_path)
    assert second.steps == 1
    assert all(torch.equal(a, b) for a, b in zip(first.trained, second.trained, strict=True))
    assert read_student(tmp_path / "model.bin").architecture == first.model.architecture
