"""The clock is the event loop's: `now()` everywhere, real in a server, virtual where time may be skipped.

In virtual time the loop never waits: when nothing is ready it jumps to the next timer. The same tasks, sleeps and
deadlines run unchanged, faster than real time (the technique of discrete-event simulation; cf. `looptime`, trio's
`MockClock.autojump_threshold`). Compute is added with `await anyio.sleep(seconds it took)` (see `local_engine`).
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

import anyio

T = TypeVar("T")


def now() -> float:
    """Seconds on the running loop's clock."""
    return anyio.current_time()


class _JumpingSelector(selectors.DefaultSelector):  # type: ignore[misc, valid-type]
    """Polls for I/O and reports how long the loop wanted to wait instead of waiting."""

    def __init__(self, jump: Any) -> None:
        super().__init__()
        self._jump = jump

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        ready = super().select(0)
        if ready or (timeout is not None and timeout <= 0):
            return ready
        if timeout is None:  # no timer at all: only real I/O (a thread's wake-up) can go on from here
            return super().select(None)
        self._jump(timeout)
        return ready


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop whose `time()` starts at 0 and jumps over every wait."""

    def __init__(self) -> None:
        self._virtual_s = 0.0
        super().__init__(_JumpingSelector(self._advance))

    def _advance(self, seconds: float) -> None:
        self._virtual_s += seconds

    def time(self) -> float:
        return self._virtual_s


def run_virtual(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end in virtual time and return its result."""
    with asyncio.Runner(loop_factory=VirtualTimeLoop) as runner:
        return runner.run(main)
