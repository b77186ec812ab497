"""A server's compute is read from its counters."""

import httpx
import pytest

from bench.systems.server_compute import compute_seconds, compute_since
from clients.voice_client import Unreachable
from server.metrics import Metrics


@pytest.fixture
def metrics(monkeypatch: pytest.MonkeyPatch) -> Metrics:
    """What `http://server/metrics` answers with."""
    counters = Metrics()

    def answer(url: str) -> httpx.Response:
        assert url == "http://server/metrics"
        return httpx.Response(200, content=counters.exposition(), request=httpx.Request("GET", url))

    monkeypatch.setattr(httpx, "get", answer)
    return counters


def test_a_clip_costs_what_the_counters_gained(metrics):
    metrics.observe_batch("whisper", 1, 2.0)
    metrics.observe_batch("piper", 1, 1.0)
    before = compute_seconds("http://server/")
    metrics.observe_batch("whisper", 2, 0.5)
    assert before == {"whisper": 2.0, "piper": 1.0}
    assert compute_since("http://server/", before) == {"whisper": 0.5}


def test_a_server_that_is_not_there_is_unreachable():
    with pytest.raises(Unreachable, match="metrics"):
        compute_seconds("http://127.0.0.1:9")
