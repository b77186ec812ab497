"""Which waiting calls run next: earliest deadline first (Liu & Layland 1973), same-model calls together as a batch."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

from streaming.engine import Model

Request = TypeVar("Request")
Result = TypeVar("Result")


@dataclass(slots=True, eq=False)
class Call(Generic[Request, Result]):
    """One waiting model call and where its outcome goes."""

    model: Model[Request, Result]
    request: Request
    deadline_s: float
    """clock"""
    expires_s: float
    """clock: not begun by then, it is not run"""
    finish: Callable[[Result | BaseException], None]
    abandoned: bool = field(default=False)
    """its caller was cancelled; nobody waits for the result"""


class DeadlineQueue:
    """The waiting calls of one engine.

    It needs no bound of its own: a session's stage has one call out at a time, so it never holds more calls than
    there are stages of admitted sessions.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Call]] = []
        self._order = count()

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, call: Call) -> None:
        heapq.heappush(self._heap, (call.deadline_s, next(self._order), call))

    def pop(self, now: float) -> tuple[list[Call], list[Call]]:
        """(the batch to run now, the calls that came too late). Both empty when nothing waits."""
        late: list[Call] = []
        batch: list[Call] = []
        others: list[tuple[float, int, Call]] = []
        while self._heap and (not batch or len(batch) < batch[0].model.max_batch):
            entry = heapq.heappop(self._heap)
            call = entry[2]
            if call.abandoned:
                continue
            if now > call.expires_s:
                late.append(call)
            elif not batch or call.model is batch[0].model:
                batch.append(call)
            else:
                others.append(entry)
        for entry in others:
            heapq.heappush(self._heap, entry)
        return batch, late
