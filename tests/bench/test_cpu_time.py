"""Model calls timed by CPU time."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import pytest

from bench.cpu_time import in_cpu_time
from streaming.clock import now, run_virtual

BUSY_S = 0.03


class Working:
    """A model whose call does what it is told."""

    name = "working"
    max_batch = 1

    def __init__(self, work: Callable[[], None], threads: int = 1) -> None:
        self.threads = threads
        self._work = work

    def run(self, batch: Sequence[int]) -> list[int]:
        self._work()
        return list(batch)


def _compute() -> None:
    until_s = time.process_time() + BUSY_S
    while time.process_time() < until_s:
        pass


def _call(model: Working) -> tuple[float, float]:
    """Its compute, and how far the clock went on."""

    async def call() -> tuple[float, float]:
        began_s = now()
        results, seconds = await in_cpu_time(model, [7])  # type: ignore[arg-type]
        assert results == [7]
        return seconds, now() - began_s

    return run_virtual(call())


def test_what_a_call_computes_goes_by_on_the_clock() -> None:
    seconds, passed_s = _call(Working(_compute))
    assert seconds >= BUSY_S
    assert passed_s == pytest.approx(seconds)


def test_waiting_for_a_core_costs_nothing() -> None:
    seconds, _ = _call(Working(lambda: time.sleep(0.1)))
    assert seconds < 0.05


def test_threads_share_the_time_that_they_used_together() -> None:
    seconds, _ = _call(Working(_compute, threads=2))
    assert BUSY_S / 2 <= seconds < BUSY_S
