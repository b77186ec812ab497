"""Lag slope: how much the lag grows along a long input, by least squares, with its 95 % confidence interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class LagSlope:
    """Seconds of lag gained in a minute."""

    s_per_min: float
    low: float
    high: float


def lag_slope(at_s: Sequence[float], lag_s: Sequence[float]) -> LagSlope | None:
    """None under three points, or where all were taken at one moment."""
    times, lags = np.asarray(at_s, float) / 60, np.asarray(lag_s, float)
    spread = float(np.sum((times - times.mean()) ** 2)) if len(times) else 0.0
    if len(times) < 3 or spread == 0:
        return None
    slope = float(np.sum((times - times.mean()) * lags) / spread)
    residuals = lags - lags.mean() - slope * (times - times.mean())
    freedom = len(times) - 2
    error = math.sqrt(float(np.sum(residuals**2)) / freedom / spread)
    margin = _student_975(freedom) * error
    return LagSlope(slope, slope - margin, slope + margin)


def _student_975(freedom: int) -> float:
    """97.5 % quantile of Student's t: exact for 1 to 4 degrees of freedom, else the series around the normal
    quantile (Abramowitz & Stegun 1964, 26.7.5), right to 0.003."""
    exact = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776}
    if freedom in exact:
        return exact[freedom]
    z = 1.959964
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3
