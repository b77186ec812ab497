"""simulstream and OmniSTEval read the log that we write for them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest
from recordings import recording

from bench.recording import Recording
from bench.simulstream_log import write_simulstream_log

readers = pytest.importorskip("simulstream.metrics.readers")

WORDS = SimpleNamespace(detokenizer_type="simuleval", latency_unit="word")


def read_back(path: Path, *recordings: Recording) -> dict:
    write_simulstream_log(path, recordings)
    return readers.LogReader(WORDS, str(path)).final_outputs_and_latencies()


def test_the_text_and_both_delays_come_back(tmp_path: Path) -> None:
    outputs = read_back(tmp_path / "metrics.jsonl", recording(name="one"), recording(name="two", late_s=0.5))
    assert list(outputs) == ["one", "two"]
    assert outputs["two"].final_text == "Bom dia a todos"
    assert outputs["two"].ideal_delays == [1.5, 1.5, 3.0, 3.0]
    assert outputs["two"].computational_aware_delays == pytest.approx([2.2, 2.2, 3.7, 3.7])


def test_a_recording_without_words_is_there(tmp_path: Path) -> None:
    silent = recording(name="silent")
    silent.events = []
    outputs = read_back(tmp_path / "metrics.jsonl", silent)
    assert (outputs["silent"].final_text, outputs["silent"].ideal_delays) == ("", [])


def test_omnisteval_reads_it(tmp_path: Path) -> None:
    loader = pytest.importorskip("omnisteval.data")
    log, config = tmp_path / "metrics.jsonl", tmp_path / "words.yaml"
    write_simulstream_log(log, [recording(name="one")])
    config.write_text("detokenizer_type: simuleval\nlatency_unit: word\n", encoding="utf-8")
    (words,) = loader.load_hypothesis_simulstream(str(log), str(config), False, ["one"])
    assert [word.text for word in words] == ["Bom", "dia", "a", "todos"]
    assert [word.emission_cu for word in words] == [1500, 1500, 3000, 3000]
