"""Memory is read from a thread while something goes on, and not before it began."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest

from bench.memory_samples import MemorySample, MemorySamples


def test_readings_are_stamped_with_the_clip_s_clock_and_end_with_the_run() -> None:
    enough = threading.Event()
    told_s = iter([0.0, 0.0, 1.5, 2.5])
    read_mb = iter([100.0, 101.0])

    def at_s() -> float:
        return next(told_s)

    def read() -> float | None:
        reading = next(read_mb, None)
        if reading == 101.0:
            enough.set()
        return reading

    with MemorySamples(read, lambda: at_s() if not enough.is_set() else 0.0, every_s=0.001) as memory:
        assert enough.wait(10)
    assert memory.samples == [MemorySample(1.5, 100.0), MemorySample(2.5, 101.0)]


def test_what_cannot_be_read_is_left_out() -> None:
    asked = threading.Event()

    def unknown() -> None:
        asked.set()

    with MemorySamples(unknown, lambda: 1.0, every_s=0.001) as memory:
        assert asked.wait(10)
    assert memory.samples == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells")
def test_a_process_sees_its_own_memory_grow() -> None:
    """In one of its own: in this one, what other tests leave behind is given back meanwhile."""
    code = (
        "from bench.memory_samples import own_memory_mb\n"
        "before = own_memory_mb()\n"
        "block = b'\\1' * 200_000_000\n"
        "print(own_memory_mb() - before)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 150 < float(done.stdout) < 250
