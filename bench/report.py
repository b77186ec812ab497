"""The report of `dragoman bench latency`: one HTML file without network or script, in light and dark."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import Any

from bench import plots
from bench.events import BenchEvent
from bench.metrics.ear_voice_span import ear_voice_spans
from bench.report_tables import (
    clips_table,
    figures_table,
    headline,
    lags_table,
    problems_list,
    provenance_table,
)
from bench.waterfall import median_clause, stages
from streaming.errors import BadInput

_CSS = """
:root { color-scheme: light dark; --line: #8884; --quiet: #68727d; --panel: #f4f6f8; }
@media (prefers-color-scheme: dark) { :root { --quiet: #9aa5b1; --panel: #1d2228; } body { background: #14181c; } }
body { font: 15px/1.5 system-ui, sans-serif; margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 68rem; }
h1 { font-size: 1.7rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; }
.about, small, figcaption, .cards span { color: var(--quiet); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; margin-top: 1.5rem; }
.cards div, figure, pre { background: var(--panel); border-radius: .5rem; padding: .8rem 1rem; }
.cards b { display: block; font-size: 1.45rem; font-variant-numeric: tabular-nums; } .cards span { font-size: .85rem; }
figure { margin: 0 0 1rem; } figure h3 { margin: 0 0 .5rem; font-size: 1rem; }
figure svg { width: 100%; height: auto; display: block; } figcaption { font-size: .9rem; margin-top: .5rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); }
th { color: var(--quiet); font-weight: 600; } .clips td { min-width: 9rem; overflow-wrap: anywhere; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; } pre { white-space: pre-wrap; }
"""


def write_report(path: Path, result: dict[str, Any], events: Mapping[str, list[BenchEvent]]) -> None:
    """`result`: what `dragoman bench latency --json` writes; `events` by clip name.

    Raises BadInput where `path` can't be written.
    """
    page = _page(result, events)
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}") from error


def _page(result: Mapping[str, Any], events: Mapping[str, list[BenchEvent]]) -> str:
    summary, provenance, system = result["summary"], result["provenance"], result["system"]
    spans_s = {clip: ear_voice_spans(told) for clip, told in events.items()}
    about = f"{system}, {summary['clips']} clips, {summary['seconds']} s of speech, {provenance.get('date') or ''}"
    sections = (
        ("Pictures", _figures(result, events)),
        ("Lags", lags_table(summary)),
        ("Other figures", figures_table(summary)),
        ("Clips", f'<div class="clips">{clips_table(result["clips"], spans_s)}</div>'),
        ("Left out", problems_list(result.get("problems", ()), result.get("failed", ()))),
        ("Provenance", provenance_table(provenance, system)),
    )
    body = "".join(f"<section><h2>{escape(title)}</h2>{content}</section>\n" for title, content in sections)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>dragoman bench</title>\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_CSS}</style></head>\n'
        f'<body><h1>dragoman bench latency</h1><p class="about">{escape(about)}</p>\n'
        f"{headline(summary)}\n{body}</body></html>\n"
    )


def _figures(result: Mapping[str, Any], events: Mapping[str, list[BenchEvent]]) -> str:
    clips = result["clips"]
    found = median_clause(events)
    way = stages(found[1], events[found[0]]) if found else []
    clause = f"The clause with the median span, of {found[0]}: “{found[1].text}”" if found else ""
    return "".join(
        _figure(title, picture, caption)
        for title, picture, caption in (
            (
                "Ear-voice span over time",
                plots.spans_over_time(clips, events),
                "A dot a clause, at the end of its source. Shaded where the latency budget had taken measures: "
                "the darker, the higher its level.",
            ),
            ("Where the time goes", plots.waterfall(way), clause),
            (
                "Quality against lag",
                plots.quality_against_lag(clips, events),
                "A dot a clip; upper left is best.",
            ),
            (
                "Distribution of ear-voice spans",
                plots.span_distribution(events),
                "Half of the clauses are heard before p50, all but one in twenty before p95.",
            ),
            (
                "Compute by model",
                plots.compute_by_model(result["summary"].get("compute_by_model") or {}),
                "How long a second of speech keeps each model busy.",
            ),
        )
    )


def _figure(title: str, picture: str, caption: str) -> str:
    told = f"<figcaption>{escape(caption)}</figcaption>" if caption else ""
    return f"<figure><h3>{escape(title)}</h3>{picture}{told}</figure>"
