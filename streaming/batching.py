"""Which waiting calls run next: earliest deadline first (Liu & Layland 1973), calls alike together as a batch.

Nobody starves: deadlines are moments, so a call that waits comes before every call made a deadline's length after it,
and a speaker has one recognition out at a time. At equal strides a recognition waits at worst for the batch that runs
and for one call of every other speaker, however slow one of them is; only what already runs can't be pre-empted.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from itertools import count
from typing import Generic, TypeVar

from streaming.engine import BatchingModel, Model

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
    bucket: Hashable = field(init=False)
    """calls of one model share a batch where these are equal"""

    def __post_init__(self) -> None:
        """Raises ValueError for a request that the model can't run: to its caller, not in the middle of a batch."""
        self.bucket = self.model.bucket(self.request) if isinstance(self.model, BatchingModel) else None

    def runs_with(self, other: Call) -> bool:
        return self.model is other.model and self.bucket == other.bucket


class DeadlineQueue:
    """The waiting calls of one engine.

    It needs no bound of its own: a session's stage has one call out at a time, so it never holds more calls than
    there are stages of admitted sessions.
    """

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Call]] = []
        self._order = count()
        self._running: set[int] = set()
        """the models that run one batch at a time and have one running, by identity"""

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, call: Call) -> None:
        heapq.heappush(self._heap, (call.deadline_s, next(self._order), call))

    def pop(self, now: float) -> tuple[list[Call], list[Call]]:
        """(the batch to run now, the calls that came too late). Both empty when nothing can run.

        `finished` must follow for every batch.
        """
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
            elif call.runs_with(batch[0]) if batch else id(call.model) not in self._running:
                batch.append(call)
            else:
                others.append(entry)
        for entry in others:
            heapq.heappush(self._heap, entry)
        if batch and isinstance(batch[0].model, BatchingModel) and batch[0].model.max_batch > 1:
            self._running.add(id(batch[0].model))
        return batch, late

    def finished(self, batch: list[Call]) -> None:
        """The batch has run: its model is free."""
        self._running.discard(id(batch[0].model))
