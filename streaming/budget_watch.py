"""Looks at what waits to be spoken, a few times a second, and has the latency budget answer to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import chain

import anyio

from streaming.budget import LatencyBudget, predict_span_s
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import Clause, Event
from streaming.playout import Playout
from streaming.trace import CaptureLog

_PERIOD_S = 0.25
"""A clause lasts 1-3 s, so each is seen several times."""

_SPAN_COUNTS_FOR_S = 3.0
"""A played clause's span stands for the pipeline's state this long; after that, silence says that nothing is late."""


class BudgetWatch:
    """Of one target language."""

    def __init__(
        self,
        language: str,
        budget: LatencyBudget,
        playout: Playout,
        unmade: Callable[[], Sequence[tuple[Clause, float]]],
        captures: CaptureLog,
    ) -> None:
        """`unmade`: the clauses that are not in `playout` yet, each with the seconds until it begins."""
        self._language = language
        self._budget = budget
        self._playout = playout
        self._unmade = unmade
        self._captures = captures

    async def run(self, events: Channel[Event]) -> None:
        """Until it is cancelled."""
        while True:
            await anyio.sleep(_PERIOD_S)
            at_s = now()
            predicted_s = predict_span_s(at_s, chain(self._playout.schedule(), self._unmade()), self._captures)
            change = self._budget.observe(max(predicted_s, self._recent_span_s(at_s)), at_s)
            if change is not None:
                await events.send(replace(change, language=self._language))

    def _recent_span_s(self, at_s: float) -> float:
        played = self._playout.last_played
        if played is None or at_s - played.played_at_s > _SPAN_COUNTS_FOR_S:
            return 0.0
        return played.ear_voice_span_s
