"""The pictures of a bench report, each as inline SVG (matplotlib's SVG backend) that takes the page's text colour.

Where a run has not what a picture shows, the picture says so. Text stays text, for any script and for search.
"""

from __future__ import annotations

import re
import statistics
import warnings
from collections.abc import Callable, Mapping, Sequence
from io import StringIO
from itertools import pairwise
from typing import Any

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bench.events import BenchEvent, BudgetChanged, ClauseHeard, ClauseSkipped, of_kind
from bench.metrics.ear_voice_span import ear_voice_spans
from bench.metrics.quality import chrf
from bench.metrics.word_error_rate import word_errors
from bench.waterfall import Stage
from streaming.budget import BALANCED

Events = Mapping[str, list[BenchEvent]]
"""by clip"""
Clips = Sequence[Mapping[str, Any]]
"""`clips` of a result of `dragoman bench latency`"""

_INK = "#010203"
"""stands for the page's text colour until the SVG is written"""
_BLUE, _ORANGE, _RED = "#3b8eea", "#e08a2e", "#d9534f"
_BUDGET_S = BALANCED.p95_s
_LEVEL_ALPHA = 0.06
_NAMED_CLIPS = 12
"""with more clips, their names would cover each other"""
_NAME_LENGTH = 18
"""a corpus's names differ at their ends"""
_STYLE: Any = {  # mypy would have every name of matplotlib's settings listed
    "svg.fonttype": "none",
    "text.parse_math": False,  # a clip's name may hold a dollar sign
    "font.size": 10,
    "font.family": "sans-serif",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.alpha": 0.15,
    "legend.frameon": False,
    "savefig.transparent": True,
    **dict.fromkeys(
        ("text.color", "axes.edgecolor", "axes.labelcolor", "xtick.color", "ytick.color", "grid.color"), _INK
    ),
}


def spans_over_time(clips: Clips, events: Events) -> str:
    """Each clause's ear-voice span at its source's end, the clips one after the other on one axis."""

    def draw(axes: Axes) -> None:
        begins_s = [0.0, *np.cumsum([clip["seconds"] for clip in clips])]
        parts = [
            (begin, end, events.get(clip["name"], []))
            for clip, (begin, end) in zip(clips, pairwise(begins_s), strict=True)
        ]
        if not _spans(events):
            return _say(axes, "no clause was heard")
        for begin_s, end_s, told in parts:
            _shade_levels(axes, begin_s, end_s, of_kind(told, BudgetChanged))
            axes.axvline(end_s, color=_INK, alpha=0.12, linewidth=0.8)
            ends_s = [begin_s + clause.source_end_s for clause in of_kind(told, ClauseHeard)]
            axes.plot(ends_s, ear_voice_spans(told), "o-", color=_BLUE, markersize=4, linewidth=0.8)
        skipped_s = [begin + clause.source_end_s for begin, _, told in parts for clause in of_kind(told, ClauseSkipped)]
        if skipped_s:
            axes.plot(skipped_s, [0.0] * len(skipped_s), "x", color=_RED, label="not spoken", clip_on=False)
        axes.axhline(_BUDGET_S, color=_ORANGE, linestyle="--", label=f"budget, {_BUDGET_S:g} s")
        axes.set(xlabel="source, s (clips one after the other)", ylabel="ear-voice span, s", xlim=(0, begins_s[-1]))
        axes.set_ylim(min(0.0, *_spans(events)), 1.08 * max(_BUDGET_S, *_spans(events)))
        axes.grid(axis="y")
        axes.legend(loc="upper right", ncols=2, bbox_to_anchor=(1, 1.14))

    return _svg("Ear-voice span over time", draw)


def waterfall(stages: Sequence[Stage]) -> str:
    """One clause's way from the speaker to the listener, a bar a stage."""

    def draw(axes: Axes) -> None:
        if not stages:
            return _say(axes, "no clause was heard")
        for row, stage in enumerate(stages):
            axes.barh(row, stage.seconds, left=stage.begins_s, color=_BLUE, height=0.6)
            end_s = stage.begins_s + stage.seconds
            axes.annotate(
                f"{1000 * stage.seconds:.0f} ms", (end_s, row), (6, 0), textcoords="offset points", va="center"
            )
        axes.set_yticks(range(len(stages)), [stage.name for stage in stages])
        axes.invert_yaxis()
        axes.set_xlabel("s after the clause's last source word ended")
        axes.margins(x=0.18)
        axes.set_xlim(left=min(0.0, stages[0].begins_s))
        axes.grid(axis="x")

    return _svg("Stages of the median clause", draw)


def quality_against_lag(clips: Clips, events: Events) -> str:
    """A dot a clip: chrF, or word accuracy where no clip has a reference, against its median span."""
    judged = any(clip["reference"] for clip in clips)
    dots = [dot for clip in clips if (dot := _dot(clip, events.get(clip["name"], []), judged=judged)) is not None]

    def draw(axes: Axes) -> None:
        if not dots:
            return _say(axes, "no clip with clauses has a reference or a transcript")
        axes.scatter([dot[0] for dot in dots], [dot[1] for dot in dots], color=_BLUE, s=36)
        for lag_s, quality, name in dots if len(dots) <= _NAMED_CLIPS else []:
            short = name if len(name) <= _NAME_LENGTH else f"…{name[1 - _NAME_LENGTH :]}"
            axes.annotate(short, (lag_s, quality), (6, 5), textcoords="offset points", fontsize=8, alpha=0.8)
        axes.set(xlabel="median ear-voice span, s", ylabel="chrF" if judged else "word accuracy (1 - WER), %")
        axes.margins(0.12)
        axes.grid()

    return _svg("Quality against lag", draw)


def span_distribution(events: Events) -> str:
    """Histogram of all clauses' spans."""
    spans = _spans(events)

    def draw(axes: Axes) -> None:
        if not spans:
            return _say(axes, "no clause was heard")
        bins = min(40, max(5, round(len(spans) ** 0.5) * 2))
        # Equal spans need some width to stand on.
        axes.hist(spans, bins=bins, range=(min(spans) - 0.05, max(spans) + 0.05), color=_BLUE, alpha=0.75)
        for share, line in ((50, "-"), (95, "--")):
            at_s = float(np.percentile(spans, share))
            axes.axvline(at_s, color=_ORANGE, linestyle=line, label=f"p{share}: {at_s:.2f} s")
        axes.set(xlabel="ear-voice span, s", ylabel="clauses")
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="y")
        axes.legend(loc="upper right", ncols=2, bbox_to_anchor=(1, 1.14))

    return _svg("Distribution of ear-voice spans", draw)


def compute_by_model(compute: Mapping[str, float]) -> str:
    """`compute`: seconds of compute for each second of source, by model."""
    models = sorted(compute, key=lambda model: -compute[model])

    def draw(axes: Axes) -> None:
        if not models:
            return _say(axes, "the system does not tell what it computed")
        bars = axes.barh(models, [compute[model] for model in models], color=_BLUE, height=0.6)
        axes.bar_label(bars, fmt="%.3f", padding=4)
        axes.invert_yaxis()
        axes.set_xlabel("s of compute for each second of source")
        axes.margins(x=0.12)
        axes.grid(axis="x")

    return _svg("Compute by model", draw, height_in=1.1 + 0.45 * max(2, len(models)))


def _spans(events: Events) -> list[float]:
    return [span for told in events.values() for span in ear_voice_spans(told)]


def _shade_levels(axes: Axes, begin_s: float, end_s: float, changes: Sequence[BudgetChanged]) -> None:
    """Darker for a higher level; what lies behind the clip's end would cover the next one."""
    borders_s = [min(end_s, begin_s + change.at_s) for change in changes] + [end_s]
    for change, (since_s, until_s) in zip(changes, pairwise(borders_s), strict=True):
        if change.level and until_s > since_s:
            axes.axvspan(since_s, until_s, color=_ORANGE, alpha=_LEVEL_ALPHA * change.level, linewidth=0)


def _dot(clip: Mapping[str, Any], told: list[BenchEvent], *, judged: bool) -> tuple[float, float, str] | None:
    """(median span in seconds, quality 0 to 100, name); None for a clip that lacks either."""
    spans = ear_voice_spans(told)
    if not spans or not clip["reference" if judged else "transcript"]:
        return None
    if judged:
        return statistics.median(spans), chrf([clip["target_text"]], [clip["reference"]]), clip["name"]
    errors = word_errors(clip["transcript"], clip["source_text"])
    return (statistics.median(spans), 100 * (1 - errors.rate), clip["name"]) if errors.words else None


def _say(axes: Axes, reason: str) -> None:
    axes.set_axis_off()
    axes.text(0.5, 0.5, reason, ha="center", va="center", transform=axes.transAxes, alpha=0.6)


def _svg(name: str, draw: Callable[[Axes], None], *, height_in: float = 3.0) -> str:
    """An `<svg>` element that scales to the page and brings no names of its own but those it refers to."""
    out = StringIO()
    with mpl.rc_context(_STYLE), mpl.rc_context({"svg.hashsalt": name}), warnings.catch_warnings():
        # The browser has the letters that matplotlib's own font lacks.
        warnings.filterwarnings("ignore", message="Glyph .* missing")
        figure = Figure(figsize=(8.6, height_in), layout="constrained")
        draw(figure.subplots())
        figure.savefig(out, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
    element = out.getvalue().partition("<svg ")[2]
    element = re.sub(r'<g id="[^"]*">', "<g>", element).replace(_INK, "currentColor")
    element = re.sub(
        r'^(.*?) width="[^"]*"', r"\1", re.sub(r'height="[\d.]+pt" ', "", element, count=1), count=1, flags=re.S
    )
    return f'<svg role="img" aria-label="{name}" {element}'
