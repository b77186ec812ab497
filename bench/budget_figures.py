"""What an overload does to the ear-voice span and to what is spoken, phase by phase."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.distribution import percentiles_ms
from bench.events import BenchEvent, BudgetChanged, ClauseHeard, ClauseSkipped, ModelCall
from bench.overload import PHASES, begins_s
from bench.soak_figures import rounded, span_s, span_trend


@dataclass(slots=True)
class BudgetRun:
    """One session under the overload, and what is kept of it."""

    enforced: bool
    heard: list[ClauseHeard] = field(default_factory=list)
    skipped: list[ClauseSkipped] = field(default_factory=list)
    changes: list[BudgetChanged] = field(default_factory=list)
    models: set[str] = field(default_factory=set)
    """those seen to compute"""

    def take(self, event: BenchEvent) -> None:
        match event:
            case ClauseHeard():
                self.heard.append(event)
            case ClauseSkipped():
                self.skipped.append(event)
            case BudgetChanged():
                self.changes.append(event)
            case ModelCall():
                self.models.add(event.model)


def figures(run: BudgetRun, seconds: float, budget_s: float) -> dict[str, Any]:
    """In all and by phase. A clause belongs to the phase in which its last source word was said."""
    edges = begins_s(seconds)
    whole = _part(run, 0.0, float("inf"), budget_s)
    phases = [
        {"phase": phase.name, **_part(run, begin_s, end_s, budget_s)}
        for phase, begin_s, end_s in zip(PHASES, edges, [*edges[1:-1], float("inf")], strict=False)
    ]
    return {
        "enforced": run.enforced,
        **whole,
        "recovered_s": _recovered_s(run.changes, edges[-2]) if run.enforced else None,
        "phases": phases,
    }


def _part(run: BudgetRun, begin_s: float, end_s: float, budget_s: float) -> dict[str, Any]:
    heard = [clause for clause in run.heard if begin_s <= clause.source_end_s < end_s]
    skipped = [clause for clause in run.skipped if begin_s <= clause.source_end_s < end_s]
    spans_s = [span_s(clause) for clause in heard]
    said, unsaid = _characters(heard), _characters(skipped)
    return {
        "clauses": len(heard) + len(skipped),
        "ear_voice_span_ms": percentiles_ms(spans_s),
        "within_budget": _share(sum(span <= budget_s for span in spans_s), len(spans_s)),
        "spoken": _share(said, said + unsaid),
        "highest_level": _highest_level(run.changes, begin_s, end_s),
        "span_slope_s_per_min": rounded(span_trend(heard), 1, digits=2),
    }


def _characters(clauses: Sequence[ClauseHeard] | Sequence[ClauseSkipped]) -> int:
    return sum(len(clause.text) for clause in clauses)


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _highest_level(changes: Sequence[BudgetChanged], begin_s: float, end_s: float) -> int:
    before = [change.level for change in changes if change.at_s < begin_s][-1:]
    return max([0, *before, *(change.level for change in changes if begin_s <= change.at_s < end_s)])


def _recovered_s(changes: Sequence[BudgetChanged], load_ends_s: float) -> float | None:
    """Seconds from the load's end until the ladder is left; None: it never was."""
    before = [change.level for change in changes if change.at_s < load_ends_s][-1:]
    if before in ([], [0]):
        return 0.0
    return next((round(c.at_s - load_ends_s, 1) for c in changes if c.at_s >= load_ends_s and c.level == 0), None)
