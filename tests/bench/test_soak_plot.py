"""The picture of a soak is drawn whatever was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.events import ClauseHeard, ClauseSkipped
from bench.memory_samples import MemorySample
from bench.soak_plot import write_plot
from streaming.errors import BadInput

PNG = b"\x89PNG"
HEARD = [
    ClauseHeard(i, "sim", 10.0 * i, 10.0 * i + 1, 10.0 * i + 1, 10.0 * i + 1.5, 10.0 * i + 3, 1.0, 2.0)
    for i in range(9)
]


def test_a_whole_run_and_an_empty_one_are_drawn(tmp_path: Path) -> None:
    whole, empty = tmp_path / "whole.png", tmp_path / "empty.png"
    skipped = [ClauseSkipped(9, "não", 90.0, 91.0, "late", 95.0)]
    memory = [MemorySample(float(at_s), 500.0 + at_s) for at_s in range(0, 90, 5)]
    write_plot(whole, HEARD, skipped, memory, lasted_s=90.0)
    write_plot(empty, [], [], [], lasted_s=5.0)
    assert whole.read_bytes().startswith(PNG) and empty.read_bytes().startswith(PNG)
    assert whole.stat().st_size > empty.stat().st_size


def test_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be written"):
        write_plot(tmp_path / "nowhere" / "soak.png", HEARD, [], [], lasted_s=90.0)
