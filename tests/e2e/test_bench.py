"""`dragoman bench latency` on the shipped models: in process and over a live server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import spoken

from bench.events import read_log
from server.load import Models

pytestmark = pytest.mark.e2e

SENTENCES = spoken.ENGLISH[1:3]
TRANSLATION = "Hoje queremos falar sobre o novo hospital da cidade. Os médicos precisam de mais água e mais remédios."


@pytest.fixture(scope="module")
def manifest(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("corpus")
    spoken.write_wav(folder / "talk.wav", spoken.talk(loaded.voices, SENTENCES, "en", seed=3, fluent=True))
    path = folder / "manifest.tsv"
    row = ["talk.wav", "en", " ".join(SENTENCES), TRANSLATION]
    path.write_text("path\tlang\ttranscript\treference\n" + "\t".join(row) + "\n", encoding="utf-8")
    return path


def measured(manifest: Path, out: Path, *options: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "server.cli", "bench", "latency", "--manifest", str(manifest)]
    subprocess.run([*command, "--from", "en", "--to", "pt", "--json", str(out), *options], check=True)
    return json.loads(out.read_text(encoding="utf-8"))


def test_the_figures_are_those_of_speech_that_was_understood(manifest: Path, tmp_path: Path) -> None:
    figures = measured(manifest, tmp_path / "run.json")["summary"]
    assert figures["clips"] == 1
    assert figures["wer"] <= 0.2
    assert figures["asr_chrf"] >= 50
    assert 0 < figures["ear_voice_span_ideal_ms"]["p50"] <= figures["ear_voice_span_ms"]["p50"]
    assert figures["transport_ms"]["p50"] == 0
    defects = figures["audible_defects"]
    assert (defects["clipped"], defects["cuts"]) == (0, 0)
    assert defects["clicks"] <= 1  # a jump that is the voice's own
    assert set(figures["compute_by_model"]) >= {"whisper", "waitk-en-pt"}


def test_a_live_server_is_measured_and_its_events_logged(manifest: Path, server_url: str, tmp_path: Path) -> None:
    live = measured(manifest, tmp_path / "live.json", "--server", server_url)
    assert live["summary"]["transport_ms"]["p50"] > 0
    assert live["summary"]["compute_per_second"] > 0
    logged = list(read_log(tmp_path / "live.events.jsonl"))
    assert {clip for clip, _ in logged} == {"talk"}
    assert len(logged) > 20
