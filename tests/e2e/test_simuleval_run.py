"""SimulEval, as its users start it, drives the agent on the shipped models."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
import soundfile
import spoken

import bench
from server.load import Models

pytest.importorskip("simuleval")
pytestmark = pytest.mark.e2e

AGENT = Path(bench.__file__).parent / "simuleval_agent.py"
REFERENCE = "Hoje queremos falar sobre o novo hospital da cidade."


@pytest.fixture(scope="module")
def evaluation(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output folder of one run over the same talk twice: the second must not know of the first."""
    folder = tmp_path_factory.mktemp("simuleval")
    talk = spoken.talk(loaded.voices, spoken.ENGLISH[1:2], "en", seed=3, fluent=True)
    path = spoken.write_wav(folder / "talk.wav", talk)
    (folder / "sources.txt").write_text(f"{path}\n{path}\n", encoding="utf-8")
    (folder / "references.txt").write_text(f"{REFERENCE}\n{REFERENCE}\n", encoding="utf-8")
    run_simuleval(folder, "out", "--agent", str(AGENT), "--quality-metrics", "BLEU", "--latency-metrics", "LAAL")
    return folder


def run_simuleval(folder: Path, out: str, *options: str) -> None:
    command = [sys.executable, "-m", "simuleval.cli", *options, "--source-language", "en", "--target-language", "pt"]
    command += ["--source", str(folder / "sources.txt"), "--target", str(folder / "references.txt")]
    command += ["--source-segment-size", "500", "--output", str(folder / out)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def instances(out: Path) -> list[dict]:
    return [json.loads(line) for line in (out / "instances.log").read_text(encoding="utf-8").splitlines()]


def test_simuleval_logs_words_that_come_while_the_talk_goes_on(evaluation: Path) -> None:
    one, two = instances(evaluation / "out")
    seconds = soundfile.info(evaluation / "talk.wav").duration
    assert "hospital" in one["prediction"]
    assert len(one["delays"]) == len(one["prediction"].split())
    assert one["delays"][0] < one["source_length"] == pytest.approx(seconds * 1000)
    assert (two["prediction"], two["delays"]) == (one["prediction"], one["delays"])


def test_simuleval_scores_them(evaluation: Path) -> None:
    with (evaluation / "out" / "scores.tsv").open(encoding="utf-8") as table:
        (scores,) = csv.DictReader(table, delimiter="\t")
    assert float(scores["BLEU"]) > 10
    assert 0 < float(scores["LAAL"]) < 4000


def test_the_agent_that_speaks_writes_the_voice(evaluation: Path) -> None:
    speaker = "bench.simuleval_agent.DragomanSpeechAgent"
    run_simuleval(evaluation, "voice", "--agent-class", speaker, "--no-scoring", "--end-index", "1")
    (one,) = instances(evaluation / "voice")
    assert soundfile.info(one["prediction"]).samplerate == 24_000
    assert 1000 < sum(one["durations"]) < 10_000
    assert one["delays"][0] < one["source_length"]
