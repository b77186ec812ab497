"""What a bench run writes down: one event a committed word, clause, piece of speech, budget change and model call.

All times are seconds on the clip's clock: the source at position p was captured at p, so an event's `at_s` minus the
position that it rests on is its lag, compute and transport included. `heard_s` is the source that had been heard when
a word was committed: SimulEval's ideal delay, next to which `at_s` is the computation-aware one.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

Kind = TypeVar("Kind")


@dataclass(frozen=True, slots=True)
class SourceWord:
    """A source word was committed."""

    text: str
    start_s: float
    end_s: float
    heard_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class TargetWord:
    """A target word was committed."""

    text: str
    source_start_s: float
    source_end_s: float
    heard_s: float
    at_s: float


@dataclass(frozen=True, slots=True)
class ClauseHeard:
    """A clause's voice began to be heard."""

    index: int
    text: str
    source_start_s: float
    source_end_s: float
    heard_s: float
    """ideal delay: the newest audio that its words rest on"""
    committed_s: float
    """when its last word was committed"""
    at_s: float
    duration_s: float
    told_span_s: float
    """the ear-voice span by the system's own account; `at_s - source_end_s` is the listener's"""


@dataclass(frozen=True, slots=True)
class ClauseSkipped:
    """A clause was not spoken."""

    index: int
    text: str
    source_start_s: float
    source_end_s: float
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class BudgetChanged:
    """The latency budget moved."""

    level: int
    reason: str
    at_s: float


@dataclass(frozen=True, slots=True)
class ModelCall:
    """A model ran; only seen in process."""

    model: str
    batch: int
    seconds: float
    at_s: float
    """when it had finished"""


BenchEvent = SourceWord | TargetWord | ClauseHeard | ClauseSkipped | BudgetChanged | ModelCall
_KINDS: dict[str, type] = {
    kind.__name__: kind for kind in (SourceWord, TargetWord, ClauseHeard, ClauseSkipped, BudgetChanged, ModelCall)
}


def to_json(clip: str, event: BenchEvent) -> str:
    """One line of the log."""
    return json.dumps({"clip": clip, "event": type(event).__name__, **asdict(event)}, ensure_ascii=False)


def read_log(path: Path) -> Iterator[tuple[str, BenchEvent]]:
    """(clip, event) of each line. Raises ValueError for a line that is none of ours."""
    with path.open(encoding="utf-8") as lines:
        yield from map(_from_json, lines)


def of_kind(events: Iterable[BenchEvent], kind: type[Kind]) -> list[Kind]:
    """The events of one kind, in order."""
    return [event for event in events if isinstance(event, kind)]


def _from_json(line: str) -> tuple[str, BenchEvent]:
    fields = json.loads(line)
    try:
        return fields.pop("clip"), _KINDS[fields.pop("event")](**fields)
    except (KeyError, TypeError) as error:
        raise ValueError(f"not a line of a bench log: {line:.80}") from error
