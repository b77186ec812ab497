"""Resident memory along a run: one reading every few seconds, from a thread of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from types import TracebackType

import anyio
from prometheus_client import ProcessCollector

from bench.systems.server_process import read_process

EVERY_S = 5.0
"""720 readings an hour: few enough to keep them all"""
_BYTES_IN_MB = 1e6


@dataclass(frozen=True, slots=True)
class MemorySample:
    """Resident set size at one moment."""

    at_s: float
    """on the clip's clock"""
    rss_mb: float


class MemorySamples:
    """Reads while it is entered, from the first thing said to the end."""

    def __init__(
        self, read_mb: Callable[[], float | None], at_s: Callable[[], float], *, every_s: float = EVERY_S
    ) -> None:
        """`read_mb` gives None where it can't tell; `at_s` is the clip's clock, 0 until something was said.

        Both are called in the thread. `every_s` is wall time.
        """
        self.samples: list[MemorySample] = []
        self._read_mb = read_mb
        self._at_s = at_s
        self._every_s = every_s
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, name="memory samples")

    def __enter__(self) -> MemorySamples:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(self._every_s):
            at_s = self._at_s()
            if at_s > 0 and (rss_mb := self._read_mb()) is not None:
                self.samples.append(MemorySample(at_s, rss_mb))


def own_memory_mb() -> float | None:
    """This process's; None where the system doesn't tell as Linux does."""
    families = {family.name: family for family in ProcessCollector(registry=None).collect()}
    memory = families.get("process_resident_memory_bytes")
    return memory.samples[0].value / _BYTES_IN_MB if memory else None


def server_memory_mb(server: str) -> float | None:
    """None where the server doesn't answer or doesn't tell."""
    use = anyio.run(partial(read_process, server))
    return use.rss_bytes / _BYTES_IN_MB if use else None
