"""What a meeting's recordings and pages say about it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.conversation import Turn
from bench.distribution import percentiles_ms
from bench.listening import Ear
from bench.meeting_run import Attended
from bench.metrics.word_error_rate import word_errors


def figures(
    meeting: Sequence[Attended], turns: Sequence[Turn], transcript: dict[str, Any], ear: Ear, budget_s: float
) -> dict[str, Any]:
    """`budget_s` is the ear-voice span that a clause may have."""
    return {
        "turns": len(turns),
        "seconds": round(turns[-1].begins_s + turns[-1].clip.seconds),
        "participants": {one.name: _of_one(one, turns, transcript, ear, budget_s) for one in meeting},
    }


def _of_one(
    one: Attended, turns: Sequence[Turn], transcript: dict[str, Any], ear: Ear, budget_s: float
) -> dict[str, Any]:
    others = [row for row in one.rows if row.speaker != one.name]
    spans_s = [body["span"]["seconds"] for _, body in one.messages if "span" in body]
    levels = [body["budget"]["level"] for _, body in one.messages if "budget" in body]
    heard = ear.hear(one.ear, one.language)
    return {
        "language": one.language,
        "span_ms": percentiles_ms(spans_s),
        "in_budget": _share(sum(span <= budget_s for span in spans_s), len(spans_s)),
        "highest_level": max(levels, default=0),
        "sentences_with_a_skip": sum(row.skipped for row in others),
        # Each sentence that was read must be heard, in order; recognition's own errors are in it, on both sides.
        "heard_against_read_wer": _wer(" ".join(row.reading for row in others), heard),
        "names": {name: _by_name(name, one, turns) for name in dict.fromkeys(turn.speaker for turn in turns)},
        "transcript_rows_missing": _missing(one, transcript),
        "packets_lost": one.received.get("packetsLost"),
        "packets_a_second": _share(one.received.get("packetsReceived", 0), one.received.get("timestamp", 0) / 1000),
        "concealed": _share(one.received.get("concealedSamples", 0), one.received.get("totalSamplesReceived", 0)),
        "concealed_in_speech": _share(
            one.received.get("concealedSamples", 0) - one.received.get("silentConcealedSamples", 0),
            one.received.get("totalSamplesReceived", 0),
        ),
    }


def _by_name(name: str, one: Attended, turns: Sequence[Turn]) -> float | None:
    """Word errors of what this page shows as that speaker's own words, against what they said."""
    mine = [row for row in one.rows if row.speaker == name]
    said = " ".join(turn.clip.transcript for turn in turns if turn.speaker == name)
    return _wer(said, " ".join(row.spoken or row.reading for row in mine))


def _missing(one: Attended, transcript: dict[str, Any]) -> int:
    """Sentences on the page that the stored transcript lacks, with this speaker, in the language read."""
    kept = {(line["name"], line["text"].strip()) for line in transcript["lines"] if line["language"] == one.language}
    return sum((row.speaker, row.reading.strip()) not in kept for row in one.rows if row.reading.strip())


def _wer(reference: str, hypothesis: str) -> float | None:
    return round(word_errors(reference, hypothesis).rate, 3) if reference.strip() else None


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
