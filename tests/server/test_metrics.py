"""What the server tells Prometheus."""

from __future__ import annotations

from server.metrics import Metrics


def test_dropped_words_are_counted_by_reason() -> None:
    metrics = Metrics()
    for reason, count in (("no voice", 3), ("loop", 4), ("no voice", 1)):
        metrics.observe_dropped_words(reason, count)
    lines = metrics.exposition().decode().splitlines()
    assert 'dragoman_words_dropped_total{reason="no_voice"} 4.0' in lines
    assert 'dragoman_words_dropped_total{reason="loop"} 4.0' in lines


def test_language_switches_are_counted_by_direction() -> None:
    metrics = Metrics()
    metrics.observe_language_switch("en", "pt")
    metrics.observe_language_switch("pt", "en")
    metrics.observe_language_switch("en", "pt")
    lines = metrics.exposition().decode().splitlines()
    assert 'dragoman_language_switches_total{after="pt",before="en"} 2.0' in lines
    assert 'dragoman_language_switches_total{after="en",before="pt"} 1.0' in lines
