"""When the moments of a microphone's stream were spoken: a muted one stands still while the meeting goes on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import assert_never

from streaming.items import (
    BudgetChanged,
    Clause,
    ClausePlayed,
    ClauseSkipped,
    Event,
    SpeechFrame,
    Transcript,
    Translation,
)


def retimed(event: Event, when: Callable[[float], float]) -> Event:
    """The event with `when` of every position in the source stream, which must not fall where the position grows."""

    def clause_retimed(clause: Clause) -> Clause:
        return replace(
            clause,
            source_start_s=when(clause.source_start_s),
            source_end_s=when(clause.source_end_s),
            heard_s=when(clause.heard_s),
        )

    match event:
        case Transcript():
            committed, tentative = (
                tuple(replace(word, start_s=when(word.start_s), end_s=when(word.end_s)) for word in words)
                for words in (event.committed, event.tentative)
            )
            return replace(event, committed=committed, tentative=tentative, heard_s=when(event.heard_s))
        case Translation():
            words = tuple(
                replace(
                    word,
                    source_start_s=when(word.source_start_s),
                    source_end_s=when(word.source_end_s),
                    heard_s=when(word.heard_s),
                )
                for word in event.committed
            )
            return replace(event, committed=words)
        case ClausePlayed() | ClauseSkipped():
            return replace(event, clause=clause_retimed(event.clause))
        case SpeechFrame() | BudgetChanged():
            return event
        case _:
            assert_never(event)
