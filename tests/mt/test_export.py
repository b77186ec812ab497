"""The exported graphs against the plain evaluation of the same weights."""

from __future__ import annotations

from pathlib import Path

import pytest

from mt.export import decoder_graph, encoder_graph, export_student, relative_error
from mt.marian import Student, read_student
from mt.translator import DECODER_FILE, ENCODER_FILE
from streaming.errors import BadInput
from tests.mt.tiny_student import marian_bytes, tiny_weights


def _student(folder: Path, seed: int) -> Student:
    path = folder / f"model{seed}.bin"
    path.write_bytes(marian_bytes(tiny_weights(seed)))
    return read_student(path)


def test_the_graphs_compute_what_the_weights_say(tmp_path: Path) -> None:
    student = _student(tmp_path, 0)
    graphs = (encoder_graph(student).SerializeToString(), decoder_graph(student).SerializeToString())
    assert relative_error(student, *graphs) < 0.05


def test_other_weights_show_as_an_error(tmp_path: Path) -> None:
    student, other = _student(tmp_path, 0), _student(tmp_path, 1)
    graphs = (encoder_graph(other).SerializeToString(), decoder_graph(student).SerializeToString())
    assert relative_error(student, *graphs) > 0.1


def test_export_writes_both_graphs_and_nothing_else(tmp_path: Path) -> None:
    model = tmp_path / "model.bin"
    model.write_bytes(marian_bytes(tiny_weights()))
    export_student(model, tmp_path / "out")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {ENCODER_FILE, DECODER_FILE}


def test_a_truncated_model_writes_nothing(tmp_path: Path) -> None:
    model = tmp_path / "model.bin"
    model.write_bytes(marian_bytes(tiny_weights())[:-1000])
    with pytest.raises(BadInput):
        export_student(model, tmp_path / "out")
    assert not (tmp_path / "out").exists()
