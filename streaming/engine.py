"""What stages call: models that take batches, and an engine that decides when each call runs."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

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

    @property
    def threads(self) -> int:
        """How many of the machine's cores a call keeps busy."""

    def run(self, batch: Sequence[RequestIn]) -> Sequence[ResultOut]:
        """One result for each request, in order. Blocks; called outside the event loop."""


@runtime_checkable
class BatchingModel(Protocol[RequestIn]):
    """A `Model` whose batches are of like requests.

    One that takes several at once runs one batch at a time: what is asked meanwhile waits, and forms the next batch.
    """

    def bucket(self, request: RequestIn) -> Hashable:
        """Requests of equal buckets gain from sharing a batch. Raises ValueError for one that can't be run."""


class Engine(Protocol):
    """Runs model calls of all sessions, earliest deadline first."""

    async def call(
        self, model: Model[Request, Result], request: Request, *, deadline_s: float, expires_s: float = float("inf")
    ) -> Result:
        """The model's result for one request.

        `deadline_s` (clock) orders the waiting calls; a call that has not begun at `expires_s` is not run.
        Raises DeadlinePassed in that case, and whatever the model raises.
        """
