"""The engine of one machine: a few workers that take model calls of all sessions, earliest deadline first."""

from __future__ import annotations

import os
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


WORKERS = 2
"""Calls in flight at once on one machine's cores. With one, a long synthesis holds up every recognition behind it: 52 s
of English into Portuguese in real time on two cores had ear-voice spans of 3.1 s (median) and 6.1 s (largest) with
one worker, 3.0 s and 4.3 s with two, though each call then takes a third longer."""


class VirtualCores:
    """Runs each batch at once and lets the virtual clock advance by the time that it took, longer where calls overlap.

    Calls that run at the same virtual time share the cores (processor sharing, Kleinrock 1967), so that virtual time
    doesn't flatter a machine with several workers. Of the threads that they keep busy each gets an equal part of a
    core, at most a whole one: on two cores, Whisper with one thread beside Kokoro with two is predicted to run at 0.67
    of its speed alone, both of them (measured 0.80 and 0.59), two Whisper calls at 1.0 (1.0), two of Kokoro at 0.5
    (0.49).
    """

    def __init__(self, cores: int = os.cpu_count() or 1) -> None:
        self._cores = cores
        self._threads = 0
        self._changed = anyio.Event()

    async def __call__(self, model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        started = time.perf_counter()
        results = model.run(batch)
        seconds = time.perf_counter() - started
        await self.spend(seconds, min(model.threads, self._cores))
        return results, seconds

    async def spend(self, seconds: float, threads: int) -> None:
        """Lasts as long as so many seconds of compute on so many threads take beside what else is running."""
        self.keep_busy(threads)
        try:
            while seconds > 0:
                speed, began_s = min(1.0, self._cores / self._threads), now()
                with anyio.move_on_after(seconds / speed) as whole:
                    await self._changed.wait()
                seconds = 0.0 if whole.cancelled_caught else seconds - speed * (now() - began_s)
        finally:
            self.keep_busy(-threads)

    def keep_busy(self, threads: int) -> None:
        """So many more, of other work too; fewer where negative."""
        self._threads += threads
        self._changed.set()
        self._changed = anyio.Event()


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
        finally:
            self._queue.finished(batch)
            self._wake.set()  # calls of this model may wait that an idle worker passed over
        self._observe(model.name, len(batch), seconds)
        for call, result in zip(batch, results, strict=True):
            call.finish(result)
