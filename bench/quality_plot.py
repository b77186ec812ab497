"""Pictures of `bench quality --suite`: quality against lag for each policy, and corrections by how late they come."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from streaming.errors import BadInput

_COLOURS = ("#888888", "#3b8eea", "#e08a2e", "#3f9f5f")


def write_plot(path: Path, suite: dict[str, Any]) -> None:
    """Raises BadInput where `path` can't be written."""
    figure = Figure(figsize=(12, 4), layout="constrained")
    clean, disfluent, corrections = figure.subplots(1, 3)
    _draw_curve(clean, suite["clean_curve"], "clean text")
    _draw_curve(disfluent, suite["disfluent_curve"], "disfluent text")
    _draw_corrections(corrections, suite["corrections"])
    figure.suptitle(suite["direction"].replace("-", " → "))
    for axes in (clean, disfluent, corrections):
        axes.grid(alpha=0.2)
        axes.legend(frameon=False, fontsize=8)
    try:
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _draw_curve(axes: Axes, rows: Sequence[dict[str, Any]], title: str) -> None:
    for system, colour in zip(_systems(rows), _COLOURS, strict=False):
        points = [(row["al_words"], row["bleu"]) for row in rows if row["system"] == system]
        axes.plot(*zip(*points, strict=True), "o-", color=colour, label=system)
    axes.set(title=title, xlabel="average lagging, source words", ylabel="BLEU")


def _draw_corrections(axes: Axes, rows: Sequence[dict[str, Any]]) -> None:
    whole = [row for row in rows if row["k"] == 3]
    for row, colour in zip(whole, _COLOURS, strict=False):
        gaps = sorted(row["by_gap"])
        shares = [100 * row["by_gap"][gap]["kept"] for gap in gaps]
        axes.plot(gaps, shares, "o-", color=colour, label=row["system"])
    axes.set(title="self-corrections kept, k = 3", xlabel="words until it is corrected", ylabel="% of the cases")
    axes.set_ylim(0, 105)


def _systems(rows: Sequence[dict[str, Any]]) -> list[str]:
    return list(dict.fromkeys(row["system"] for row in rows))
