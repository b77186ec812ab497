"""What a server's process uses, from its own counters (Prometheus text exposition format 0.0.4)."""

from __future__ import annotations

from dataclasses import dataclass

import httpx
from prometheus_client.parser import text_string_to_metric_families

from streaming.clock import now

_CPU, _MEMORY = "process_cpu_seconds_total", "process_resident_memory_bytes"
_TIMEOUT_S = 15.0
"""a server under load answers late"""


@dataclass(frozen=True, slots=True)
class ProcessUse:
    """One reading."""

    at_s: float
    """on the loop's clock"""
    cpu_s: float
    """user and system time since the process began"""
    rss_bytes: float
    """resident memory"""


async def read_process(server: str) -> ProcessUse | None:
    """None where the server doesn't answer, or doesn't know (it does on Linux only)."""
    try:
        async with httpx.AsyncClient(timeout=_TIMEOUT_S) as http:
            answer = (await http.get(f"{server.rstrip('/')}/metrics")).raise_for_status()
    except (httpx.HTTPError, httpx.InvalidURL):
        return None
    told = {
        sample.name: sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name in (_CPU, _MEMORY)
    }
    return ProcessUse(now(), told[_CPU], told[_MEMORY]) if len(told) == 2 else None
