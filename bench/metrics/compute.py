"""Compute per second: seconds of model compute for each second of source audio.

What is often called the real-time factor. SimulEval's "RTF" is another thing: the end of the output over the length of
the source.
"""

from __future__ import annotations

from collections.abc import Mapping


def compute_per_second(compute_s: Mapping[str, float], seconds: float) -> dict[str, float]:
    """By model, and `all` together. `compute_s`: seconds of compute by model; `seconds` of audio, above 0."""
    by_model = {model: spent / seconds for model, spent in compute_s.items()}
    return {**by_model, "all": sum(by_model.values())}
