"""The mean of two models' weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mt.marian import Student, read_student
from mt.weight_mean import weight_mean
from streaming.errors import BadInput
from tests.mt.tiny_student import marian_bytes, tiny_weights


@pytest.fixture
def student(tmp_path: Path) -> Student:
    (tmp_path / "tiny.bin").write_bytes(marian_bytes(tiny_weights()))
    return read_student(tmp_path / "tiny.bin")


def _times(student: Student, factor: float) -> Student:
    return Student(student.architecture, {name: factor * array for name, array in student.arrays.items()})


def test_each_counts_by_its_share(student: Student) -> None:
    mean = weight_mean([(0.75, student), (0.25, _times(student, 5))])
    for name, array in student.arrays.items():
        assert np.allclose(mean.arrays[name], 2 * array, atol=1e-5)


def test_shares_that_do_not_add_up_are_refused(student: Student) -> None:
    with pytest.raises(BadInput, match="add up"):
        weight_mean([(0.5, student), (0.4, student)])


def test_models_of_another_shape_are_refused(student: Student) -> None:
    other = Student(student.architecture, {name: array[:1] for name, array in student.arrays.items()})
    with pytest.raises(BadInput, match="shape"):
        weight_mean([(0.5, student), (0.5, other)])
