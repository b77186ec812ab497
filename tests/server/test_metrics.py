"""What the server tells Prometheus."""

from __future__ import annotations

from server.machine_load import HALF_LIFE_S, MachineLoad
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


def test_the_load_and_who_speaks_are_shown_as_they_are_now() -> None:
    metrics, load = Metrics(), MachineLoad(cores=2, workers=2)
    load.enter(0.0)
    load.hear(load.enter(0.0), 0.0)
    load.begin(1, 0.0)
    metrics.observe_load(load, 1.0)
    metrics.observe_load(load, HALF_LIFE_S)
    lines = metrics.exposition().decode().splitlines()
    assert "dragoman_machine_load 0.25" in lines
    assert 'dragoman_speakers{state="speaking"} 0.0' in lines
    assert 'dragoman_speakers{state="silent"} 2.0' in lines
    assert any(line.startswith("dragoman_speaker_cost 0.3") for line in lines)
