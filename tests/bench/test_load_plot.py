"""The picture is drawn of any result, one without figures too."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import matplotlib.image
import pytest

from bench.load_knee import Step, figures, find_knee, verdict
from bench.load_plot import write_plot
from streaming.errors import BadInput


def result(*steps: Step) -> dict[str, Any]:
    knee = find_knee(steps)
    return {
        "verdict": verdict(steps),
        "knee": None if knee is None else asdict(knee),
        "steps": [figures(step) for step in steps],
    }


def test_it_shows_the_knee_in_red(tmp_path: Path) -> None:
    fine, late = Step(1, (2.0,), 0, 0, (), (), 0.5, 1e9), Step(2, (9.0,), 1, 0, (), (), 1.5, 2e9)
    write_plot(tmp_path / "fine.png", result(fine))
    write_plot(tmp_path / "late.png", result(fine, late))
    assert not reddish(tmp_path / "fine.png")
    assert reddish(tmp_path / "late.png")


def test_a_step_without_any_figure_is_drawn(tmp_path: Path) -> None:
    write_plot(tmp_path / "none.png", result(Step(1, (), 0, 1, (), (), None, None)))
    assert (tmp_path / "none.png").read_bytes().startswith(b"\x89PNG")


def test_a_place_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"load\.png can't be written"):
        write_plot(tmp_path / "absent" / "load.png", result(Step(1, (2.0,), 0, 0, (), (), 0.5, 1e9)))


def reddish(picture: Path) -> bool:
    """Whether a tenth of it has the light red that stands behind the knee."""
    red, green, blue = matplotlib.image.imread(picture)[..., :3].transpose(2, 0, 1)
    return bool(((red > green + 0.03) & (red > blue + 0.03)).mean() > 0.1)
