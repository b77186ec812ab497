"""Paired bootstrap resampling (Koehn 2004): whether one system is better than another on the same clips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Difference:
    """B minus A."""

    mean: float
    low: float
    high: float
    """95 % interval over resampled sets of clips"""
    rises: float
    """share of the resamples in which B is above A"""
    falls: float
    """share of the resamples in which B is below A; equal ones are neither"""


def paired_bootstrap(a: Sequence[float], b: Sequence[float], *, seed: int = 1) -> Difference:
    """Of one value a clip, in the same order. Raises ValueError for unequal or no samples."""
    if len(a) != len(b) or not len(a):
        raise ValueError("two samples of the same clips are needed")
    differences = np.asarray(b, float) - np.asarray(a, float)
    picks = np.random.default_rng(seed).integers(0, len(differences), (RESAMPLES, len(differences)))
    means = differences[picks].mean(axis=1)
    low, high = np.percentile(means, (2.5, 97.5))
    return Difference(
        float(differences.mean()), float(low), float(high), float((means > 0).mean()), float((means < 0).mean())
    )
