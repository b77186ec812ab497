"""Percentiles of a sample, as every latency figure is given."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

PERCENTILES = (50, 95, 99)


def percentiles_ms(seconds: Sequence[float]) -> dict[str, float | None]:
    """`{"p50": ..., "p95": ..., "p99": ..., "n": ...}` in whole ms, linear between samples; null without samples."""
    if not len(seconds):
        return {**{f"p{share}": None for share in PERCENTILES}, "n": 0}
    values = np.percentile(np.asarray(seconds, float) * 1000, PERCENTILES)
    return {**{f"p{share}": round(float(v)) for share, v in zip(PERCENTILES, values, strict=True)}, "n": len(seconds)}
