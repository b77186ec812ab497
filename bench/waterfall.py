"""Where one clause's ear-voice span went: the stages between its last source word and its voice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bench.events import BenchEvent, ClauseHeard, SourceWord, of_kind

_TOLERANCE_S = 0.0015
"""a server tells times in whole milliseconds"""


@dataclass(frozen=True, slots=True)
class Stage:
    """One part of the way."""

    name: str
    begins_s: float
    """from the end of the clause's last source word"""
    seconds: float


def median_clause(events: Mapping[str, list[BenchEvent]]) -> tuple[str, ClauseHeard] | None:
    """(clip, clause) with the median span, of an even number the shorter; None where no clause was heard."""
    heard = [(clip, clause) for clip, told in events.items() for clause in of_kind(told, ClauseHeard)]
    heard.sort(key=lambda found: found[1].at_s - found[1].source_end_s)
    return heard[(len(heard) - 1) // 2] if heard else None


def stages(clause: ClauseHeard, told: list[BenchEvent]) -> list[Stage]:
    """In their order; they add up to the ear-voice span. `told`: the events of the clause's clip.

    A stage that was over before the one ahead of it, such as words committed with an earlier clause, takes no time.
    """
    source_s = [word.at_s for word in of_kind(told, SourceWord) if _belongs(word, clause)]
    milestones = (
        ("audio waited for", clause.heard_s),
        ("source words committed", max(source_s, default=clause.heard_s)),
        ("target words committed", clause.committed_s),
        ("clause cut, voice made, its turn", clause.at_s),
    )
    found, before_s = [], clause.source_end_s
    for name, at_s in milestones:
        after_s = min(max(before_s, at_s), clause.at_s)
        found.append(Stage(name, before_s - clause.source_end_s, after_s - before_s))
        before_s = after_s
    return found


def _belongs(word: SourceWord, clause: ClauseHeard) -> bool:
    """A word that ends within the clause's source and was there before the clause was spoken."""
    within = clause.source_start_s < word.end_s <= clause.source_end_s + _TOLERANCE_S
    return within and word.at_s <= clause.at_s
