"""The picture of an overload: the span of every clause over time, with the enforcer and without, and its level."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.budget_figures import BudgetRun
from bench.overload import PHASES, begins_s
from bench.soak_figures import span_s
from streaming.errors import BadInput

_BLUE, _ORANGE, _RED, _GREY = "#3b8eea", "#e08a2e", "#d9534f", "#8a8f98"


def write_plot(path: Path, runs: Sequence[BudgetRun], seconds: float, budget_s: float) -> None:
    """Raises BadInput where `path` can't be written."""
    figure = Figure(figsize=(10, 4 * len(runs)), layout="constrained")
    for axes, run in zip(figure.subplots(len(runs), sharex=True, squeeze=False)[:, 0], runs, strict=True):
        _draw(axes, run, seconds, budget_s)
        axes.set_title("with the enforcer" if run.enforced else "without it", loc="left")
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, frameon=False)
    axes.set(xlabel="minutes of speech", xlim=(0, seconds / 60))
    try:
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _draw(axes: Axes, run: BudgetRun, seconds: float, budget_s: float) -> None:
    ends_min = [clause.source_end_s / 60 for clause in run.heard]
    axes.plot(ends_min, [span_s(clause) for clause in run.heard], ".", color=_BLUE, alpha=0.6, label="a clause")
    if run.skipped:
        skipped_min = [clause.source_end_s / 60 for clause in run.skipped]
        axes.plot(skipped_min, [0.0] * len(run.skipped), "x", color=_RED, label="skipped")
    axes.axhline(budget_s, color=_ORANGE, linestyle=":", label=f"budget, {budget_s:g} s")
    if run.changes:
        at_min = [0.0, *(change.at_s / 60 for change in run.changes)]
        levels = [0, *(change.level for change in run.changes)]
        axes.step(at_min, levels, where="post", color=_GREY, linewidth=0.8, label="level of the ladder")
    axes.set_ylabel("ear-voice span, s")
    axes.set_ylim(bottom=-0.3)
    edges = begins_s(seconds)
    for phase, begin_s, end_s in zip(PHASES, edges, edges[1:], strict=False):
        if not phase.is_calm:
            axes.axvspan(begin_s / 60, end_s / 60, color=_GREY, alpha=0.12)
        axes.text(begin_s / 60, axes.get_ylim()[1], f" {phase.name}", va="top", fontsize=8)
