"""The engine of one machine: a few workers that take model calls of all sessions, earliest deadline first."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, TypeVar

import anyio
import anyio.to_thread

from streaming.batching import Call, DeadlineQueue
from streaming.clock import now
from streaming.engine import Model
from streaming.errors import DeadlinePassed

Request = TypeVar("Request")
Result = TypeVar("Result")

Execute = Callable[[Model[Any, Any], Sequence[Any]], Awaitable[tuple[Sequence[Any], float]]]
"""Runs one batch: (results, compute seconds)."""

Observe = Callable[[str, int, float], None]
"""Told of every batch that ran: the model's name, batch size, compute seconds."""


async def in_thread(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
    """Runs the batch in a worker thread: for real time."""

    def timed() -> tuple[Sequence[Any], float]:
        started = time.perf_counter()
        return model.run(batch), time.perf_counter() - started

    return await anyio.to_thread.run_sync(timed)


async def in_virtual_time(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
    """Runs the batch at once and lets the virtual clock advance by the time that it really took."""
    started = time.perf_counter()
    results = model.run(batch)
    seconds = time.perf_counter() - started
    await anyio.sleep(seconds)
    return results, seconds


WORKERS = 2
"""Calls in flight at once on one machine's cores. With one, a long synthesis holds up every recognition behind it: 52 s
of English into Portuguese in real time on two cores had ear-voice spans of 3.1 s (median) and 6.1 s (largest) with
one worker, 3.0 s and 4.3 s with two, though each call then takes a third longer. Virtual time does not know of that
last part: there, calls that overlap don't slow each other."""


class LocalEngine:
    """Implements `streaming.engine.Engine`. Calls are served while `run` runs."""

    def __init__(self, execute: Execute, *, workers: int, observe: Observe) -> None:
        self._execute = execute
        self._workers = workers
        self._observe = observe
        self._queue = DeadlineQueue()
        self._wake = anyio.Event()

    async def run(self) -> None:
        """Serves calls until cancelled."""
        async with anyio.create_task_group() as group:
            for index in range(self._workers):
                group.start_soon(self._work, name=f"engine worker {index}")

    async def call(
        self, model: Model[Request, Result], request: Request, *, deadline_s: float, expires_s: float = float("inf")
    ) -> Result:
        outcome: list[Any] = []
        done = anyio.Event()

        def finish(result: Any) -> None:
            outcome.append(result)
            done.set()

        call = Call(model, request, deadline_s, expires_s, finish)
        self._queue.push(call)
        self._wake.set()
        try:
            await done.wait()
        finally:
            call.abandoned = True
        if isinstance(outcome[0], BaseException):
            raise outcome[0]
        return outcome[0]

    async def _work(self) -> None:
        while True:
            batch, late = self._queue.pop(now())
            for call in late:
                call.finish(DeadlinePassed(f"{call.model.name}: the result would have come too late"))
            if batch:
                await self._run_batch(batch)
                continue
            if self._wake.is_set():  # one event for all idle workers: each that wakes looks for work itself
                self._wake = anyio.Event()
            await self._wake.wait()

    async def _run_batch(self, batch: list[Call]) -> None:
        model = batch[0].model
        try:
            results, seconds = await self._execute(model, [call.request for call in batch])
        except Exception as error:  # a model's failure is its callers' to judge; the worker goes on
            for call in batch:
                call.finish(error)
            return
        self._observe(model.name, len(batch), seconds)
        for call, result in zip(batch, results, strict=True):
            call.finish(result)
