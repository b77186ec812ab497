"""The picture of a load run: span, lost clauses and the server's use of the machine by number of speakers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bench.load_knee import BUDGET_MS, SHED_MAX
from streaming.errors import BadInput

_BLUE, _ORANGE, _RED, _GREEN = "#3b8eea", "#e08a2e", "#d9534f", "#3f9f5f"
_NAN = float("nan")
"""leaves a gap in a line"""


def write_plot(path: Path, result: Mapping[str, Any]) -> None:
    """`result`: what `dragoman bench load --json` writes. Raises BadInput where `path` can't be written."""
    steps, knee = result["steps"], result["knee"]
    figure = Figure(figsize=(8, 7.5), layout="constrained")
    figure.suptitle(result["verdict"], fontsize=11, wrap=True)
    spans, shed, use = figure.subplots(3, sharex=True, height_ratios=(3, 2, 2))
    speakers = [step["speakers"] for step in steps]
    _draw_spans(spans, speakers, [step["ear_voice_span_ms"] for step in steps])
    _draw_shed(shed, speakers, [step["shed"] for step in steps])
    _draw_use(use, speakers, steps)
    for axes in (spans, shed, use):
        axes.grid(alpha=0.2)
        if knee is not None:
            axes.axvspan(knee["speakers"] - 0.5, knee["speakers"] + 0.5, color=_RED, alpha=0.08, linewidth=0)
    use.set(xlabel="speakers (red: too many)", xlim=(0.5, max(speakers) + 0.5))
    use.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
    try:
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _draw_spans(axes: Axes, speakers: Sequence[int], spans_ms: Sequence[Mapping[str, Any]]) -> None:
    for share, style in (("p50", "o-"), ("p95", "s--")):
        seconds = [_NAN if span[share] is None else span[share] / 1000 for span in spans_ms]
        axes.plot(speakers, seconds, style, color=_BLUE, label=share)
    axes.axhline(BUDGET_MS / 1000, color=_ORANGE, linestyle=":", label=f"budget for p95, {BUDGET_MS / 1000:g} s")
    axes.set(ylabel="ear-voice span, s")
    axes.set_ylim(min(0.0, axes.get_ylim()[0]), 1.15 * axes.get_ylim()[1])
    axes.legend(frameon=False)


def _draw_shed(axes: Axes, speakers: Sequence[int], shed: Sequence[float | None]) -> None:
    axes.bar(speakers, [_NAN if share is None else 100 * share for share in shed], width=0.4, color=_RED)
    axes.axhline(100 * SHED_MAX, color=_ORANGE, linestyle=":", label=f"at most {SHED_MAX:.0%}")
    axes.set(ylabel="clauses shed, %")
    axes.set_ylim(bottom=0)
    axes.legend(frameon=False)


def _draw_use(axes: Axes, speakers: Sequence[int], steps: Sequence[Mapping[str, Any]]) -> None:
    memory = axes.twinx()
    for place, key, style, colour, label in (
        (axes, "cpu", "o-", _GREEN, "server's CPU, cores"),
        (memory, "rss_mb", "x:", "gray", "server's memory, MB"),
    ):
        place.plot(speakers, [_NAN if step[key] is None else step[key] for step in steps], style, color=colour)
        place.set_ylabel(label, color=colour)
        place.set_ylim(0, 1.15 * place.get_ylim()[1])
