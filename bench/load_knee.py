"""What a machine carries: each number of speakers judged by what was seen of it, and the knee, where it is too many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.distribution import percentiles_ms
from streaming.budget import BALANCED

BUDGET_MS = 1000 * BALANCED.p95_s
SHED_MAX = 0.05
"""as the budget's 95 %: at most one clause in twenty may be lost to catch up"""


@dataclass(frozen=True, slots=True)
class Trouble:
    """A join that was refused, or a session that broke."""

    speaker: int
    """1 is the first who joined"""
    code: str
    """machine-readable, such as `busy`"""
    reason: str


@dataclass(frozen=True, slots=True)
class Step:
    """What was seen while so many speakers spoke."""

    speakers: int
    """the last of them may have been refused"""
    spans_s: tuple[float, ...]
    """listeners' ear-voice spans, all speakers together"""
    skipped: int
    """clauses that were not spoken"""
    silent: int
    """speakers inside of whom nothing was heard"""
    refused: tuple[Trouble, ...]
    failed: tuple[Trouble, ...]
    cpu: float | None
    """the server's CPU seconds for each second; None where it doesn't tell"""
    rss_bytes: float | None
    """the server's resident memory; None where it doesn't tell"""

    @property
    def shed(self) -> float | None:
        """Share of the clauses that were not spoken; None without clauses."""
        clauses = len(self.spans_s) + self.skipped
        return self.skipped / clauses if clauses else None


@dataclass(frozen=True, slots=True)
class Knee:
    """The first number of speakers that was too many."""

    speakers: int
    reasons: tuple[str, ...]


def too_much(step: Step) -> tuple[str, ...]:
    """Why so many speakers are not carried; empty where they are."""
    p95 = percentiles_ms(step.spans_s)["p95"]
    reasons = [f"a join was refused ({trouble.code})" for trouble in step.refused]
    if step.silent:  # whose lag has no end is in no percentile
        reasons.append(f"nothing was heard of {_speakers(step.silent)}")
    if p95 is not None and p95 > BUDGET_MS:
        reasons.append(f"p95 span {p95} ms is above {BUDGET_MS:.0f} ms")
    if step.shed is not None and step.shed > SHED_MAX:
        reasons.append(f"{step.shed:.1%} of clauses shed, more than {SHED_MAX:.0%}")
    return tuple(reasons)


def find_knee(steps: Sequence[Step]) -> Knee | None:
    """None where all that were tried are carried."""
    return next((Knee(step.speakers, reasons) for step in steps if (reasons := too_much(step))), None)


def carried(steps: Sequence[Step]) -> int:
    """The most speakers before the knee."""
    knee = find_knee(steps)
    return max((step.speakers for step in steps if knee is None or step.speakers < knee.speakers), default=0)


def verdict(steps: Sequence[Step]) -> str:
    """In words."""
    knee, speakers = find_knee(steps), _speakers(carried(steps))
    if knee is None:
        return f"carries {speakers}, the most that were tried"
    return f"carries {speakers}; at {knee.speakers} {', '.join(knee.reasons)}"


def figures(step: Step) -> dict[str, Any]:
    """The step as a row of the result."""
    return {
        "speakers": step.speakers,
        "ear_voice_span_ms": percentiles_ms(step.spans_s),
        "clauses_skipped": step.skipped,
        "shed": None if step.shed is None else round(step.shed, 4),
        "silent": step.silent,
        "refused": [asdict(trouble) for trouble in step.refused],
        "failed": [asdict(trouble) for trouble in step.failed],
        "cpu": None if step.cpu is None else round(step.cpu, 3),
        "rss_mb": None if step.rss_bytes is None else round(step.rss_bytes / 1e6),
    }


def _speakers(count: int) -> str:
    return f"{count} speaker{'' if count == 1 else 's'}"
