"""The tables of a bench report: figures with what they mean, clips with their texts, what was left out, where from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from statistics import median
from typing import Any

_LAGS = {
    "ear_voice_span": "from the end of a clause's last source word to the voice that says it",
    "start_offset": "from the first recognised word's start to the first translated sound",
    "end_offset": "how long the voice goes on after the last recognised word",
    "al": "Average Lagging of the written words: how far they run behind a translator that never waits",
    "laal": "Length-Adaptive Average Lagging: AL that a long-winded output can't improve",
    "stream_laal": "LAAL of each sentence from its own start, averaged over the clip; needs the sentences' times",
    "long_yaal": "as StreamLAAL, with all words up to the recording's end, not only to their sentence's",
    "atd": "Average Token Delay: from the end of a piece of source speech to the end of the piece that answers it",
    "atd_text": "Average Token Delay of the written words, which take no time to say",
    "transport": "what the listener's span has beyond the span by the system's own account",
}
_FIGURES = {
    "clips": "recordings that went through, each a session of its own",
    "seconds": "length of the source, all clips together",
    "wer": "word error rate of the recognition: 0.1 is one edit for each ten words spoken",
    "bleu": "translated text against the reference by runs of one to four words, 0 to 100",
    "chrf": "translated text against the reference by runs of characters, 0 to 100",
    "asr_bleu": "BLEU of the speech: what an offline recogniser makes of it, as plain words",
    "asr_chrf": "chrF of the speech: what an offline recogniser makes of it, as plain words",
    "kept": "ASR-chrF as a share of what the same models reach offline",
    "offline": "the same models on whole recordings and whole sentences",
    "discontinuity_num": "silences inside the translated speech",
    "discontinuity_ave_ms": "mean length of such a silence, ms",
    "compute_per_second": "seconds of model compute for each second of source; 1 keeps one worker busy",
    "compute_by_model": "the same by model",
    "lag_slope_s_per_min": "seconds by which the span grows in a minute, over the longest clip, with its 95 % interval",
    "clauses": "pieces of translation, each spoken in one go",
    "clauses_skipped": "clauses that were not spoken; their captions stay",
    "spoken": "speech against captions, for each caption word: lost words, words said too often, words changed",
    "audible_defects": "samples at full scale, clicks, and cuts into or out of silence in all of the speech",
    "filler_leak": "share of translated texts in which a filled pause (“um”) came through",
}


def headline(summary: Mapping[str, Any]) -> str:
    """The figures that are asked for first, as cards."""
    span, start = summary.get("ear_voice_span_ms") or {}, summary.get("start_offset_ms") or {}
    cards = (
        ("ear-voice span, median", _seconds(span.get("p50"))),
        ("ear-voice span, p95", _seconds(span.get("p95"))),
        ("start offset, median", _seconds(start.get("p50"))),
        ("chrF", _number(summary.get("chrf"))),
        ("ASR-chrF", _number(summary.get("asr_chrf"))),
        ("word error rate", _number(summary.get("wer"))),
        ("compute per second", _number(summary.get("compute_per_second"))),
    )
    shown = (f"<div><b>{escape(value)}</b><span>{escape(name)}</span></div>" for name, value in cards)
    return f'<div class="cards">{"".join(shown)}</div>'


def lags_table(summary: Mapping[str, Any]) -> str:
    """Every `…_ms` that has percentiles."""
    rows = []
    for key, value in summary.items():
        if not (key.endswith("_ms") and isinstance(value, Mapping)):
            continue
        name = key.removesuffix("_ms")
        meaning = _LAGS.get(name.removesuffix("_ideal"), "")
        ideal = ", if compute took no time" if name.endswith("_ideal") else ""
        numbers = (_td(_number(value.get(column)), numeric=True) for column in ("p50", "p95", "p99", "n"))
        rows.append(_td(name.replace("_", " ")) + "".join(numbers) + _td(meaning + ideal))
    return _table(("lag, ms", "p50", "p95", "p99", "samples", "meaning"), rows, numeric=range(1, 5))


def figures_table(summary: Mapping[str, Any]) -> str:
    """Everything else in the summary."""
    rows = []
    for key, value in summary.items():
        if key.endswith("_ms") and isinstance(value, Mapping):
            continue
        rows.append(_td(key.replace("_", " ")) + _td(_value(value)) + _td(_FIGURES.get(key, "")))
    return _table(("figure", "value", "meaning"), rows)


def clips_table(clips: Sequence[Mapping[str, Any]], spans_s: Mapping[str, Sequence[float]]) -> str:
    """Texts side by side. `spans_s`: ear-voice spans by clip, which may lack some."""
    texts = ("transcript", "source_text", "reference", "target_text", "heard_text")
    rows = []
    for clip in clips:
        span = f"{median(spans):.2f} s" if (spans := spans_s.get(clip["name"])) else "—"
        about = f"{clip['kind']}, {clip['seconds']:.1f} s" if clip["kind"] else f"{clip['seconds']:.1f} s"
        first = f"<td><b>{escape(clip['name'])}</b><br><small>{escape(about)}<br>span {escape(span)}</small></td>"
        rows.append(first + "".join(_td(clip[text] or "—") for text in texts))
    return _table(("clip", "transcript", "recognised", "reference", "translated", "heard"), rows)


def problems_list(problems: Iterable[Mapping[str, Any]], failed: Iterable[Mapping[str, Any]]) -> str:
    """Lines of the manifest that were left out, and clips that the system failed on."""
    told = [f"line {problem['line']}: {problem['reason']}" for problem in problems]
    told += [f"{clip['clip']}: {clip['reason']}" for clip in failed]
    if not told:
        return "<p>None: every clip went through.</p>"
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in told)}</ul>"


def provenance_table(provenance: Mapping[str, Any], system: str) -> str:
    """Where the figures come from; the command stands by itself."""
    facts = {"system": system, **{key: value for key, value in provenance.items() if key != "command"}}
    table = _table(("", ""), [_td(key) + _td(_value(value)) for key, value in facts.items()])
    return f"<pre>{escape(str(provenance.get('command', '')))}</pre>{table}"


def _table(heads: Sequence[str], rows: Iterable[str], *, numeric: Iterable[int] = ()) -> str:
    right = set(numeric)
    titles = (f"<th{' class=n' if place in right else ''}>{escape(head)}</th>" for place, head in enumerate(heads))
    head = f"<thead><tr>{''.join(titles)}</tr></thead>" if any(heads) else ""
    return f'<div class="wide"><table>{head}<tbody>{"".join(f"<tr>{row}</tr>" for row in rows)}</tbody></table></div>'


def _td(text: str, *, numeric: bool = False) -> str:
    return f"<td{' class=n' if numeric else ''}>{escape(text)}</td>"


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_value(part)}" for key, part in value.items()) or "—"
    return _number(value)


def _number(value: Any) -> str:
    return "—" if value is None else str(value)


def _seconds(value_ms: float | None) -> str:
    return "—" if value_ms is None else f"{value_ms / 1000:.2f} s"
