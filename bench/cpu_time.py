"""Model calls timed by the CPU seconds that they used: for a machine on which other work runs too.

The time that passes during a call grows with all that shares its core; its CPU time grows by a tenth or so, because
caches and memory are shared all the same. Measured on the clips of the baseline, two cores, two to three other busy
processes: 0.31 s of compute per second for 0.28 on the machine alone, where wall time gave 1.04 for 0.31.
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
