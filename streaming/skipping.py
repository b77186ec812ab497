"""Which clauses stay unspoken so that what is spoken comes in time: those too late, while they are a small part."""

from __future__ import annotations

from streaming.budget import ReadKnobs
from streaming.items import Clause
from streaming.trace import CaptureLog

CREDIT_SHARE = 0.17
"""Characters that may be skipped for each that is spoken: 85 % is heard, as issue 6 asks."""
CREDIT_CHARACTERS = 150.0
"""At most and at first: ten seconds of speech, what a sudden overload leaves waiting."""
HOPELESS = 1.1
"""What is late by this many budgets is skipped beyond that wherever more waits behind it: then the voice can't say all
that is written, whatever the order, and the listener is better off with what is new."""


class Skipping:
    """One target language's clauses, each judged before it is made and again when its turn to be played has come.

    A clause that would begin later than `Knobs.latest_span_s` is skipped, and with it the rest of its sentence where
    more waits behind that: half a sentence says less than the next one. How much may be skipped is a token bucket
    (Turner 1986), filled by what is spoken; when it is empty and nothing else waits, a clause is spoken late.
    """

    def __init__(self, captures: CaptureLog, knobs: ReadKnobs) -> None:
        self._captures = captures
        self._knobs = knobs
        self._credit = CREDIT_CHARACTERS
        self._torn: int | None = None
        """the clause that goes on with the sentence of the one skipped last"""

    def reason(self, clause: Clause, begins_at_s: float, *, more_waits: bool) -> str | None:
        """Why `clause`, which would begin to play at `begins_at_s` (clock), is skipped; None: it is not."""
        latest_s = self._knobs().latest_span_s
        span_s = begins_at_s - self._captures.captured_at(clause.source_end_s)
        affordable = len(clause.text) <= self._credit
        if span_s > latest_s and (affordable or (more_waits and span_s > HOPELESS * latest_s)):
            reason = f"skipped to catch up: it would be {span_s:.1f} s behind"
        elif clause.index == self._torn and more_waits and affordable:
            reason = "skipped with the beginning of its sentence"
        else:
            return None
        self._credit = max(0.0, self._credit - len(clause.text))
        self._torn = None if clause.sentence_end else clause.index + 1
        return reason

    def spoke(self, clause: Clause) -> None:
        """`clause` began to play."""
        self._credit = min(CREDIT_CHARACTERS, self._credit + CREDIT_SHARE * len(clause.text))
