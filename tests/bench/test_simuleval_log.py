"""SimulEval and OmniSTEval read the log that we write for them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from recordings import recording

from bench.simuleval_log import write_simuleval_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "instances.log"
    write_simuleval_log(path, [recording(name="one"), recording(name="two", late_s=0.5)])
    return path


def test_each_recording_is_a_line_in_milliseconds(log: Path) -> None:
    one, two = (json.loads(line) for line in log.read_text(encoding="utf-8").splitlines())
    assert (one["index"], two["index"]) == (0, 1)
    assert one["prediction"] == one["reference"] == "Bom dia a todos"
    assert one["prediction_length"] == 4
    assert one["delays"] == two["delays"] == [1500, 1500, 3000, 3000]
    assert two["elapsed"] == pytest.approx([2200, 2200, 3700, 3700])
    assert one["source_length"] == 4000
    assert one["source"] == ["one.wav"]


def test_a_recording_without_words_is_a_line_too(tmp_path: Path) -> None:
    silent = recording()
    silent.events = []
    write_simuleval_log(tmp_path / "instances.log", [silent])
    line = json.loads((tmp_path / "instances.log").read_text(encoding="utf-8"))
    assert (line["prediction"], line["delays"], line["elapsed"]) == ("", [], [])


def test_simulevals_scorer_reads_it(log: Path) -> None:
    instance = pytest.importorskip("simuleval.evaluator.instance")
    scorers = pytest.importorskip("simuleval.evaluator.scorers.latency_scorer")
    lines = log.read_text(encoding="utf-8").splitlines()
    instances = {index: instance.LogInstance(line) for index, line in enumerate(lines)}
    # A source of 4 s for 4 words: the ideal translator says word i at i s, so these lag 1.5, 0.5, 1 and 0 s.
    assert scorers.LAALScorer()(instances) == pytest.approx((1500 + 500 + 1000 + 0) / 4)
    # Committed 0.2 s after it was heard, in the second recording 0.5 s later still.
    assert scorers.LAALScorer(computation_aware=True)(instances) == pytest.approx(750 + (200 + 700) / 2)


def test_omnisteval_reads_it(log: Path) -> None:
    loader = pytest.importorskip("omnisteval.io")
    one, two = loader.load_shortform_instances(str(log), None, "delays", "elapsed")
    assert one.prediction == one.reference == "Bom dia a todos"
    assert one.emission_cu == [1500, 1500, 3000, 3000]
    assert two.emission_ca == pytest.approx([2200, 2200, 3700, 3700])
    assert two.source_length == 4000
