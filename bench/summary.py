"""The figures of one run: of each clip, and of all clips together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.distribution import percentiles_ms
from bench.events import ClauseHeard, ClauseSkipped, SourceWord, TargetWord, of_kind
from bench.metrics.average_lagging import average_lagging
from bench.metrics.average_token_delay import heard_delay, speech_delay
from bench.metrics.compute import compute_per_second
from bench.metrics.discontinuity import discontinuities
from bench.metrics.ear_voice_span import ear_voice_spans
from bench.metrics.end_offset import end_offset
from bench.metrics.filler_leak import filler_leak
from bench.metrics.laal import length_adaptive_average_lagging
from bench.metrics.lag_slope import lag_slope
from bench.metrics.quality import bleu, chrf
from bench.metrics.start_offset import start_offset
from bench.metrics.word_error_rate import WordErrors, plain, word_errors
from bench.recording import Recording


@dataclass(frozen=True, slots=True)
class ClipResult:
    """One clip: its texts, its lags, and what was counted."""

    name: str
    kind: str
    seconds: float
    transcript: str
    reference: str
    reference_from: str
    """`manifest`, `model` (the full-sentence translation of the transcript), or empty"""
    source_text: str
    target_text: str
    heard_text: str
    """the speech, transcribed"""
    lags_s: dict[str, list[float]] = field(default_factory=dict)
    """samples by metric, in seconds"""
    clause_ends_s: list[float] = field(default_factory=list)
    """where each played clause's source ends, beside `lags_s["ear_voice_span"]`"""
    silences_s: list[float] = field(default_factory=list)
    clauses: int = 0
    clauses_skipped: int = 0
    compute_s: dict[str, float] = field(default_factory=dict)


def clip_result(recording: Recording, *, reference: str, reference_from: str, heard_text: str) -> ClipResult:
    """Everything that is measured on one recording."""
    played = of_kind(recording.events, ClauseHeard)
    skipped = of_kind(recording.events, ClauseSkipped)
    clip = recording.clip
    return ClipResult(
        name=clip.name,
        kind=clip.kind,
        seconds=recording.seconds,
        transcript=clip.transcript,
        reference=reference,
        reference_from=reference_from,
        source_text=recording.source_text,
        target_text=recording.target_text,
        heard_text=heard_text,
        lags_s=_word_lags(recording, reference) | _voice_lags(recording, played),
        clause_ends_s=[clause.source_end_s for clause in played],
        silences_s=discontinuities([clause.at_s for clause in played], [clause.duration_s for clause in played]),
        clauses=len(played) + len(skipped),
        clauses_skipped=len(skipped),
        compute_s=recording.compute_s,
    )


def _word_lags(recording: Recording, reference: str) -> dict[str, list[float]]:
    """AL and LAAL of the committed target words."""
    words = of_kind(recording.events, TargetWord)
    if not words:
        return {}
    expected = len(reference.split()) or len(words)
    lags: dict[str, list[float]] = {}
    for name, delays in (("", [w.at_s for w in words]), ("_ideal", [w.heard_s for w in words])):
        source_s = recording.seconds
        lags[f"al{name}"] = [average_lagging(delays, source_s=source_s, target_words=expected)]
        lags[f"laal{name}"] = [length_adaptive_average_lagging(delays, source_s=source_s, reference_words=expected)]
    return lags


def _voice_lags(recording: Recording, played: Sequence[ClauseHeard]) -> dict[str, list[float]]:
    """Of the speech: offsets, ear-voice spans, token delay, transport.

    Start offset: first speech minus the first recognised word's start. End offset: end of the last speech minus the
    last recognised word's end. (SimulEval counts them from the recording's beginning and end, silence included.)
    Ideal: as if compute took no time.
    """
    words = of_kind(recording.events, SourceWord)
    if not played or not words:
        return {}
    begins, durations = [clause.at_s for clause in played], [clause.duration_s for clause in played]
    heard = [clause.heard_s for clause in played]
    first_s, last_s = words[0].start_s, words[-1].end_s
    spans, ideal_spans = ear_voice_spans(recording.events), ear_voice_spans(recording.events, ideal=True)
    ideal_begins = [span + clause.source_end_s for span, clause in zip(ideal_spans, played, strict=True)]
    return {
        "start_offset": [start_offset(begins) - first_s],
        "start_offset_ideal": [start_offset(ideal_begins) - first_s],
        "end_offset": [end_offset(list(zip(begins, durations, strict=True)), source_s=last_s)],
        "end_offset_ideal": [end_offset(list(zip(ideal_begins, durations, strict=True)), source_s=last_s)],
        "ear_voice_span": spans,
        "ear_voice_span_ideal": ideal_spans,
        "atd": [heard_delay(heard, durations, begins_s=begins)],
        "atd_ideal": [speech_delay(heard, durations)],
        "transport": [span - clause.told_span_s for span, clause in zip(spans, played, strict=True)],
    }


LAGS = (
    "start_offset", "start_offset_ideal", "end_offset", "end_offset_ideal", "ear_voice_span", "ear_voice_span_ideal",
    "al", "al_ideal", "laal", "laal_ideal", "atd", "atd_ideal", "transport",
)  # fmt: skip


def summary(clips: Sequence[ClipResult], target_language: str) -> dict[str, Any]:
    """Corpus-level figures; null where the corpus can't give one."""
    seconds = sum(clip.seconds for clip in clips)
    compute = compute_per_second(_added([clip.compute_s for clip in clips]), seconds) if seconds else {}
    silences = [silence for clip in clips for silence in clip.silences_s]
    return {
        "clips": len(clips),
        "seconds": round(seconds, 1),
        "wer": _word_error_rate(clips, lambda clip: (clip.transcript, clip.source_text)),
        **_scores(clips),
        **{f"{lag}_ms": percentiles_ms([s for clip in clips for s in clip.lags_s.get(lag, [])]) for lag in LAGS},
        "discontinuity_num": len(silences),
        "discontinuity_ave_ms": round(1000 * sum(silences) / len(silences)) if silences else None,
        "compute_per_second": round(compute["all"], 3) if len(compute) > 1 else None,
        "compute_by_model": {model: round(value, 4) for model, value in compute.items() if model != "all"},
        "lag_slope_s_per_min": _slope(clips),
        "clauses": sum(clip.clauses for clip in clips),
        "clauses_skipped": sum(clip.clauses_skipped for clip in clips),
        "spoken": _spoken(clips),
        "filler_leak": _filler_leak(clips, target_language),
    }


def _scores(clips: Sequence[ClipResult]) -> dict[str, float | None]:
    """Of the clips that have a reference: the text as it stands, the speech as plain words."""
    judged = [clip for clip in clips if clip.reference]
    if not judged:
        return {"bleu": None, "chrf": None, "asr_bleu": None, "asr_chrf": None}
    references = [clip.reference for clip in judged]
    texts, heard = [clip.target_text for clip in judged], [plain(clip.heard_text) for clip in judged]
    bare = [plain(reference) for reference in references]
    return {
        "bleu": round(bleu(texts, references), 2),
        "chrf": round(chrf(texts, references), 2),
        "asr_bleu": round(bleu(heard, bare), 2),
        "asr_chrf": round(chrf(heard, bare), 2),
    }


def _word_error_rate(clips: Sequence[ClipResult], texts: Callable[[ClipResult], tuple[str, str]]) -> float | None:
    errors = sum((word_errors(*texts(clip)) for clip in clips if texts(clip)[0]), WordErrors())
    return round(errors.rate, 4) if errors.words else None


def _spoken(clips: Sequence[ClipResult]) -> dict[str, float] | None:
    """The speech against the captions, per caption word: a lost clause deletes words, one said twice inserts some."""
    errors = sum((word_errors(clip.target_text, clip.heard_text) for clip in clips), WordErrors())
    if not errors.words:
        return None
    counts = {"deletions": errors.deletions, "insertions": errors.insertions, "substitutions": errors.substitutions}
    return {kind: round(count / errors.words, 4) for kind, count in counts.items()}


def _slope(clips: Sequence[ClipResult]) -> dict[str, float] | None:
    """Of the ear-voice span over the longest clip: short ones begin anew each time."""
    if not clips:
        return None
    longest = max(clips, key=lambda clip: clip.seconds)
    slope = lag_slope(longest.clause_ends_s, longest.lags_s.get("ear_voice_span", []))
    if slope is None:
        return None
    return {"slope": round(slope.s_per_min, 3), "low": round(slope.low, 3), "high": round(slope.high, 3)}


def _filler_leak(clips: Sequence[ClipResult], language: str) -> float | None:
    try:
        return round(filler_leak([clip.target_text for clip in clips], language), 4)
    except KeyError:
        return None


def _added(parts: Sequence[Mapping[str, float]]) -> dict[str, float]:
    total: dict[str, float] = {}
    for part in parts:
        for model, seconds in part.items():
            total[model] = total.get(model, 0.0) + seconds
    return total
