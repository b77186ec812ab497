"""The figures of one run: of each clip, and of all clips together."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.distribution import percentiles_ms
from bench.events import ClauseHeard, ClauseSkipped, of_kind
from bench.lags import LAGS, voice_lags, word_lags
from bench.metrics.audible_defects import AudibleDefects, audible_defects
from bench.metrics.compute import compute_per_second
from bench.metrics.discontinuity import discontinuities
from bench.metrics.filler_leak import filler_leak
from bench.metrics.lag_slope import lag_slope
from bench.metrics.quality import bleu, chrf
from bench.metrics.resegmentation import Segment
from bench.metrics.word_error_rate import WordErrors, plain, word_errors
from bench.recording import Recording
from streaming.audio import SPEECH_RATE_HZ


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
    defects: AudibleDefects = field(default_factory=AudibleDefects)
    """of the speech"""


def clip_result(
    recording: Recording, *, reference: str, reference_from: str, heard_text: str, sentences: Sequence[Segment] = ()
) -> ClipResult:
    """Everything that is measured on one recording. `sentences`: of the reference; empty: their times are not known."""
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
        lags_s=word_lags(recording, reference, sentences) | voice_lags(recording, played),
        clause_ends_s=[clause.source_end_s for clause in played],
        silences_s=discontinuities([clause.at_s for clause in played], [clause.duration_s for clause in played]),
        clauses=len(played) + len(skipped),
        clauses_skipped=len(skipped),
        compute_s=recording.compute_s,
        defects=audible_defects(recording.speech, SPEECH_RATE_HZ),
    )


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
        "audible_defects": asdict(sum((clip.defects for clip in clips), AudibleDefects())),
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
