"""Reading Marian's binary format."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.marian import Architecture, Student, read_student, write_student
from streaming.errors import BadInput, ModelMissing
from tests.mt.tiny_student import DIM, SETTINGS, VOCABULARY, marian_bytes, tiny_weights

WHOLE = marian_bytes(tiny_weights())


def _file(folder: Path, data: bytes) -> Path:
    path = folder / "model.bin"
    path.write_bytes(data)
    return path


def test_the_weights_come_back_within_the_rounding_of_int8(tmp_path: Path) -> None:
    written = tiny_weights()
    arrays = read_student(_file(tmp_path, WHOLE)).arrays
    assert arrays.keys() == written.keys()
    for name, array in arrays.items():
        assert array.dtype == np.float32 and array.shape == written[name].shape
        assert np.abs(array - written[name]).max() <= np.abs(written[name]).max() / 127


def test_the_settings_give_the_architecture(tmp_path: Path) -> None:
    architecture = read_student(_file(tmp_path, WHOLE)).architecture
    assert architecture == Architecture(
        dim=DIM, heads=2, ffn=DIM, encoder_layers=1, decoder_layers=1, vocabulary=VOCABULARY
    )


@given(st.integers(0, len(WHOLE) - 1))
def test_a_file_cut_anywhere_is_refused(tmp_path_factory: pytest.TempPathFactory, size: int) -> None:
    with pytest.raises(BadInput):
        read_student(_file(tmp_path_factory.mktemp("cut"), WHOLE[:size]))


@pytest.mark.parametrize("data", [b"", b"RIFF" * 100, bytes(400), b"\xff" * 400], ids=["empty", "wav", "zeros", "ones"])
def test_another_kind_of_file_is_refused(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BadInput):
        read_student(_file(tmp_path, data))


def test_another_architecture_is_refused_by_its_setting(tmp_path: Path) -> None:
    gru = marian_bytes(tiny_weights(), SETTINGS.replace("dec-cell: ssru", "dec-cell: gru"))
    with pytest.raises(BadInput, match="dec-cell is gru"):
        read_student(_file(tmp_path, gru))


def test_a_missing_hyper_parameter_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="hyper-parameter"):
        read_student(_file(tmp_path, marian_bytes(tiny_weights(), SETTINGS.replace("enc-depth: 1\n", ""))))


def test_a_file_that_is_not_there_is_a_missing_model(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing):
        read_student(tmp_path / "none.bin")


def test_weights_that_came_from_int8_are_written_back_unchanged(tmp_path: Path) -> None:
    student = read_student(_file(tmp_path, WHOLE))
    write_student(tmp_path / "again.bin", student)
    again = read_student(tmp_path / "again.bin")
    assert again.architecture == student.architecture and again.arrays.keys() == student.arrays.keys()
    for name, array in again.arrays.items():
        np.testing.assert_array_equal(array, student.arrays[name])


def test_other_weights_are_rounded_to_a_127th_of_their_largest(tmp_path: Path) -> None:
    student = read_student(_file(tmp_path, WHOLE))
    arrays = {name: array * 1.01 + 0.001 * np.sin(array * 99) for name, array in student.arrays.items()}
    write_student(tmp_path / "tuned.bin", Student(student.architecture, arrays))
    for name, array in read_student(tmp_path / "tuned.bin").arrays.items():
        assert np.abs(array - arrays[name]).max() <= np.abs(arrays[name]).max() / 127
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model.bin", "tuned.bin"]
