"""The picture of a soak: span and memory over time, each with its fitted line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bench.events import ClauseHeard, ClauseSkipped
from bench.memory_samples import MemorySample
from bench.soak_figures import WARM_UP_S, Trend, memory_trend, span_s, span_trend, waiting_gaps
from streaming.budget import BALANCED
from streaming.errors import BadInput

_BLUE, _ORANGE, _RED, _GREEN = "#3b8eea", "#e08a2e", "#d9534f", "#3f9f5f"
_BUDGET_S = BALANCED.p95_s


def write_plot(
    path: Path,
    heard: Sequence[ClauseHeard],
    skipped: Sequence[ClauseSkipped],
    memory: Sequence[MemorySample],
    *,
    lasted_s: float,
) -> None:
    """Raises BadInput where `path` can't be written."""
    figure = Figure(figsize=(10, 7), layout="constrained")
    spans, rss = figure.subplots(2, sharex=True, height_ratios=(3, 2))
    _draw_spans(spans, heard, skipped, lasted_s)
    _draw_memory(rss, memory, lasted_s)
    for axes in (spans, rss):
        axes.grid(alpha=0.2)
        # Above the data, which may be anywhere.
        axes.legend(loc="lower right", bbox_to_anchor=(1, 1), ncols=4, frameon=False)
    rss.set(xlabel="minutes of speech", xlim=(0, lasted_s / 60))
    try:
        figure.savefig(path, dpi=120)
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _draw_spans(axes: Axes, heard: Sequence[ClauseHeard], skipped: Sequence[ClauseSkipped], lasted_s: float) -> None:
    ends_min = [clause.source_end_s / 60 for clause in heard]
    axes.plot(ends_min, [span_s(clause) for clause in heard], ".", color=_BLUE, alpha=0.6, label="a clause")
    _draw_trend(axes, span_trend(heard), 0.0, lasted_s, scale=1, unit="s/min")
    axes.axhline(_BUDGET_S, color=_ORANGE, linestyle=":", label=f"budget, {_BUDGET_S:g} s")
    for gap in waiting_gaps(heard):
        axes.axvspan(gap.at_s / 60, (gap.at_s + gap.seconds) / 60, color=_RED, alpha=0.3)
    if skipped:
        axes.plot(
            [clause.source_end_s / 60 for clause in skipped], [0.0] * len(skipped), "x", color=_RED, label="skipped"
        )
    axes.set_ylabel("ear-voice span, s (red: a gap)")
    axes.set_ylim(bottom=min(0.0, axes.get_ylim()[0]))


def _draw_memory(axes: Axes, memory: Sequence[MemorySample], lasted_s: float) -> None:
    axes.plot([sample.at_s / 60 for sample in memory], [sample.rss_mb for sample in memory], color=_GREEN, label="RSS")
    _draw_trend(axes, memory_trend(memory), WARM_UP_S, lasted_s, scale=10, unit="MB/10 min")
    axes.set_ylabel("resident memory, MB")


def _draw_trend(axes: Axes, trend: Trend | None, begin_s: float, end_s: float, *, scale: int, unit: str) -> None:
    if trend is None:
        return
    slope = trend.slope
    label = f"{scale * slope.s_per_min:+.3f} [{scale * slope.low:+.3f}, {scale * slope.high:+.3f}] {unit}"
    axes.plot([begin_s / 60, end_s / 60], [trend.at(begin_s), trend.at(end_s)], color="black", linewidth=1, label=label)
