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
        "spoken_share": _share(sum(len(row.heard) for row in others), sum(len(row.reading) for row in others)),
        # All that is shown and not marked as skipped must be heard, in order; the ear's own errors are in it.
        "heard_against_read_wer": _wer(" ".join(row.heard for row in others), heard),
        "heard": heard,
        "read": [[row.speaker, row.reading] for row in others],
        "names": {name: _by_name(name, one, turns) for name in dict.fromkeys(turn.speaker for turn in turns)},
        # What this page shows, against what the server kept: nothing may be missing on either side.
        "read_against_transcript_wer": _wer(_kept(one, transcript), " ".join(row.reading for row in others)),
        "packets_lost": one.packets_lost,
        "concealed": one.concealed,
    }


def _by_name(name: str, one: Attended, turns: Sequence[Turn]) -> float | None:
    """Word errors of what this page shows as that speaker's own words, against what they said."""
    mine = [row for row in one.rows if row.speaker == name]
    said = " ".join(turn.clip.transcript for turn in turns if turn.speaker == name)
    return _wer(said, " ".join(row.spoken or row.reading for row in mine))


def _kept(one: Attended, transcript: dict[str, Any]) -> str:
    """What the others said in this one's language, as the server kept it."""
    lines = (line for line in transcript["lines"] if line["name"] != one.name and line["language"] == one.language)
    return " ".join(line["text"] for line in lines)


def _wer(reference: str, hypothesis: str) -> float | None:
    return round(word_errors(reference, hypothesis).rate, 3) if reference.strip() else None


def _share(part: float, whole: float) -> float | None:
    return round(part / whole, 4) if whole else None
