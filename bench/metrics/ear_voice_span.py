"""Ear-voice span (the interpreters' term, Oléron & Nanpon 1965): from what is heard to the voice that says it.

Of each clause: the moment its translation begins to play minus the moment its last source word ended. Ideal: as if
compute took no time, so a clause begins when the newest audio that it rests on was heard and the one before it is over.
"""

from __future__ import annotations

from collections.abc import Iterable

from bench.events import BenchEvent, ClauseHeard, of_kind


def ear_voice_spans(events: Iterable[BenchEvent], *, ideal: bool = False) -> list[float]:
    """Seconds, a span a played clause, in the order of playing."""
    clauses = of_kind(events, ClauseHeard)
    if not ideal:
        return [clause.at_s - clause.source_end_s for clause in clauses]
    spans, ends_s = [], 0.0
    for clause in clauses:
        begins_s = max(ends_s, clause.heard_s)
        spans.append(begins_s - clause.source_end_s)
        ends_s = begins_s + clause.duration_s
    return spans
