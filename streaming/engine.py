"""What stages call: models that take batches, and an engine that decides when each call runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

Request = TypeVar("Request")
Result = TypeVar("Result")
RequestIn = TypeVar("RequestIn", contravariant=True)
ResultOut = TypeVar("ResultOut", covariant=True)


class Model(Protocol[RequestIn, ResultOut]):
    """A stateless model: all state travels with the request, so any worker can take any call."""

    @property
    def name(self) -> str:
        """Names the model in metrics and logs."""

    @property
    def max_batch(self) -> int:
        """How many requests one `run` takes at most."""

    def run(self, batch: Sequence[RequestIn]) -> Sequence[ResultOut]:
        """One result for each request, in order. Blocks; called outside the event loop."""


class Engine(Protocol):
    """Runs model calls of all sessions, earliest deadline first."""

    async def call(
        self, model: Model[Request, Result], request: Request, *, deadline_s: float, expires_s: float = float("inf")
    ) -> Result:
        """The model's result for one request.

        `deadline_s` (clock) orders the waiting calls; a call that has not begun at `expires_s` is not run.
        Raises DeadlinePassed in that case, and whatever the model raises.
        """
