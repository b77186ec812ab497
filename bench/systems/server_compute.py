"""What a clip cost a server, from its counters (Prometheus text exposition format 0.0.4)."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families

from clients.voice_client import Unreachable

_COUNTER = "dragoman_stage_compute_seconds_total"


def compute_seconds(server: str) -> dict[str, float]:
    """Seconds of compute so far by model, of all sessions. Raises Unreachable."""
    try:
        exposition = httpx.get(f"{server.rstrip('/')}/metrics").raise_for_status().text
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise Unreachable(f"{server} does not tell its metrics: {error}") from error
    return {
        sample.labels["model"]: sample.value
        for family in text_string_to_metric_families(exposition)
        for sample in family.samples
        if sample.name == _COUNTER
    }


def compute_since(server: str, before: dict[str, float]) -> dict[str, float]:
    """Seconds of compute by model since `before` was read; models that didn't run are left out. Raises Unreachable."""
    spent = {model: seconds - before.get(model, 0.0) for model, seconds in compute_seconds(server).items()}
    return {model: seconds for model, seconds in spent.items() if seconds > 0}
