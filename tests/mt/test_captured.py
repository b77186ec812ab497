"""That a captured step gives the gradients of the step as it is. Needs a GPU: elsewhere nothing of it can be shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from mt.data import Example
from mt.lessons import Lesson

torch = pytest.importorskip("torch", reason="only training needs torch: pip install 'dragoman[train]'")
if not torch.cuda.is_available():
    pytest.skip("CUDA graphs need a GPU", allow_module_level=True)

from mt.batches import Batch  # noqa: E402
from mt.marian import read_student  # noqa: E402
from mt.model import MarianStudent  # noqa: E402
from mt.trainer import Settings, Trainer  # noqa: E402
from tests.mt.test_train import Words  # noqa: E402
from tests.mt.tiny_student import marian_bytes, tiny_weights  # noqa: E402


def test_a_replay_has_the_gradients_and_figures_of_the_first_time(tmp_path: Path) -> None:
    (tmp_path / "tiny.bin").write_bytes(marian_bytes(tiny_weights()))
    student = read_student(tmp_path / "tiny.bin")
    model, teacher = MarianStudent(student).cuda(), MarianStudent(student).eval().cuda()
    trainer = Trainer(model, teacher, Words(), [Lesson("toy", "3 4", "5 6")], Settings(steps=10))
    prefix = Batch.of([Example((3,), (5, 6), whole=False, settled=(3,), waited=1)], end=Words.end, length=8)
    whole = Batch.of([Example((3, 4), (5, 6), whole=True, meant=(3, 4))], end=Words.end, length=8)
    runs = []
    for _ in range(3):
        for batch in (prefix, whole):
            figures = trainer._gradients(batch)
            runs.append(torch.cat([figures.flatten(), *(weight.grad.flatten().clone() for weight in trainer.trained)]))
    for again in (runs[2:4], runs[4:6]):
        torch.testing.assert_close(again[0], runs[0])
        torch.testing.assert_close(again[1], runs[1])
