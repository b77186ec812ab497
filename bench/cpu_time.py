"""Model calls timed by the CPU seconds that they used: for a machine on which other work runs too.

The time that passes during a call grows with all that shares its core, its CPU time by up to a quarter, because caches
and memory are shared all the same. Clips of the baseline, two cores, three to five busy processes beside: 0.29 to
0.36 s of compute per second where the machine alone took 0.28 to 0.31; in wall time it was 1.04.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import anyio

from streaming.engine import Model


async def in_cpu_time(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
    """Runs one batch, by whose share of each thread the virtual clock goes on. No two calls run at once."""
    began_s = time.process_time()
    results = model.run(batch)
    seconds = (time.process_time() - began_s) / model.threads
    await anyio.sleep(seconds)
    return results, seconds
