"""A server's CPU and memory are read from its counters."""

from __future__ import annotations

import os

import anyio
import httpx
import pytest

from bench.systems.server_process import ProcessUse, read_process
from server.metrics import Metrics


def answered(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response) -> ProcessUse | None:
    """What is read where `http://server/metrics` answers so."""

    async def get(self: httpx.AsyncClient, url: str) -> httpx.Response:
        assert url == "http://server/metrics"
        answer.request = httpx.Request("GET", url)
        return answer

    monkeypatch.setattr(httpx.AsyncClient, "get", get)
    return anyio.run(read_process, "http://server/")


def test_the_process_s_own_time_and_memory_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    spent_s = sum(os.times()[:2])
    use = answered(monkeypatch, httpx.Response(200, content=Metrics().exposition()))
    assert use is not None
    assert use.cpu_s == pytest.approx(spent_s, abs=1.0)
    assert 1e7 < use.rss_bytes < 1e11


@pytest.mark.parametrize("answer", [httpx.Response(404), httpx.Response(200, text="up 1\n")])
def test_a_server_without_these_counters_tells_nothing(monkeypatch: pytest.MonkeyPatch, answer: httpx.Response) -> None:
    assert answered(monkeypatch, answer) is None


def test_a_server_that_is_not_there_tells_nothing() -> None:
    assert anyio.run(read_process, "http://127.0.0.1:9") is None
