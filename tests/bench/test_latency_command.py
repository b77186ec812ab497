"""What `dragoman bench latency` writes and when it fails, with a system, an ear and models that are made up."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from bench import latency_command
from bench.corpus import Clip
from bench.events import read_log
from bench.latency_command import parser
from bench.offline import OfflineOutcome
from bench.recording import Recording, Told
from streaming.errors import BadInput
from tests.bench.recordings import recording

HEADER = "path\tlang\ttranscript\treference\n"


class Scripted:
    """Says the same of every clip; fails on those whose name asks for it."""

    name = "scripted"

    def run(self, clip: Clip, told: Told) -> Recording:
        made = recording(name=clip.name)
        told(made.events[0])
        if clip.name == "refused":
            raise BadInput("the line is dead")
        if clip.name == "broken":
            raise ZeroDivisionError("a bug")
        for event in made.events[1:]:
            told(event)
        return replace_clip(made, clip)


def replace_clip(made: Recording, clip: Clip) -> Recording:
    return replace(made, clip=replace(clip, seconds=made.seconds))


class Offline:
    """Translates in capitals and hears everything."""

    def __init__(self, *_: object) -> None:
        pass

    def translate(self, text: str) -> str:
        return text.upper()

    def run(self, clip: Clip) -> OfflineOutcome:
        if clip.name == "unreadable":
            raise BadInput("offline can't read it")
        return OfflineOutcome("Good morning everyone", "Bom dia a todos", "bom dia a todos")


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> None:
    def model(name: str) -> Any:
        return SimpleNamespace(name=name)

    models = SimpleNamespace(
        translator=lambda source, target: model(f"{source}-{target}"),
        voices=SimpleNamespace(choose=lambda language: SimpleNamespace(model=model("voice"))),
    )
    store = SimpleNamespace(whisper=lambda: Path("whisper"), models=lambda: ())
    monkeypatch.setattr(latency_command, "ModelStore", lambda root: store)
    monkeypatch.setattr(latency_command, "load_models", lambda store: models)
    monkeypatch.setattr(latency_command, "Ear", lambda path: SimpleNamespace(hear=lambda *_: "bom dia a todos"))
    monkeypatch.setattr(latency_command, "OfflineCascade", Offline)
    monkeypatch.setattr(latency_command, "InProcess", lambda *_, **__: Scripted())


@pytest.fixture
def corpus(tmp_path: Path) -> Callable[..., Path]:
    def make(*names: str, transcript: str = "Good morning everyone", reference: str = "Bom dia a todos") -> Path:
        for name in names:
            soundfile.write(tmp_path / f"{name}.wav", np.zeros(16000, np.float32), 16000)
        rows = [f"{name}.wav\ten\t{transcript}\t{reference}\n" for name in names]
        (tmp_path / "clips.tsv").write_text(HEADER + "".join(rows), encoding="utf-8")
        return tmp_path / "clips.tsv"

    return make


def arguments(manifest: Path, *options: str) -> argparse.Namespace:
    out = [] if "--json" in options else ["--json", str(manifest.with_name("run.json"))]
    return parser().parse_args(["--manifest", str(manifest), "--from", "en", "--to", "pt", *out, *options])


def measured(manifest: Path, *options: str) -> tuple[int, dict[str, Any]]:
    code = latency_command.run(arguments(manifest, *options))
    return code, json.loads(manifest.with_name("run.json").read_text(encoding="utf-8"))


def test_result_log_and_report_lie_side_by_side(corpus: Callable[..., Path], tmp_path: Path) -> None:
    code, result = measured(corpus("a", "b"))
    assert code == 0
    assert [clip["name"] for clip in result["clips"]] == ["a", "b"]
    assert result["summary"]["clips"] == 2
    assert (result["system"], result["problems"], result["failed"]) == ("scripted", [], [])
    assert result["provenance"]["models"] == {"recognition": "whisper", "translation": "en-pt", "voice": "voice"}
    logged = list(read_log(tmp_path / "run.events.jsonl"))
    assert logged == [(name, event) for name in "ab" for event in recording().events]
    assert "<svg" in (tmp_path / "run.html").read_text(encoding="utf-8")


def test_a_dash_prints_the_result_and_writes_nothing(
    corpus: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert latency_command.run(arguments(corpus("a"), "--json", "-")) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["clips"] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "clips.tsv"]


@pytest.mark.parametrize(("name", "reason"), [("refused", "the line is dead"), ("broken", "ZeroDivisionError: a bug")])
def test_a_clip_that_fails_is_told_and_the_others_count(
    name: str, reason: str, corpus: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    code, result = measured(corpus("a", name, "b"))
    assert code == 1
    assert result["failed"] == [{"clip": name, "reason": reason}]
    assert [clip["name"] for clip in result["clips"]] == ["a", "b"]
    assert f"{name}: {reason}" in capsys.readouterr().err


def test_offline_stands_beside_the_live_figures(corpus: Callable[..., Path]) -> None:
    _, result = measured(corpus("a"), "--offline")
    assert result["summary"]["offline"] == {"wer": 0, "chrf": 100, "asr_chrf": 100}
    assert result["summary"]["kept"] == 1


def test_a_clip_that_only_fails_offline_is_left_out_of_both(corpus: Callable[..., Path]) -> None:
    code, result = measured(corpus("a", "unreadable", "b"), "--offline")
    assert code == 1
    assert [clip["name"] for clip in result["clips"]] == ["a", "b"]
    assert result["summary"]["offline"]["chrf"] == 100


def test_all_clips_failing_still_gives_a_result(corpus: Callable[..., Path]) -> None:
    code, result = measured(corpus("refused"), "--offline")
    assert code == 1
    assert result["summary"]["clips"] == 0


def test_without_a_reference_the_model_s_own_translation_stands_in(corpus: Callable[..., Path]) -> None:
    _, result = measured(corpus("a", reference=""))
    assert (result["clips"][0]["reference"], result["clips"][0]["reference_from"]) == ("GOOD MORNING EVERYONE", "model")


def test_segments_without_references_are_translated_by_the_model(corpus: Callable[..., Path]) -> None:
    manifest = corpus("a")
    manifest.with_name("a.tsv").write_text("start\tend\ttranscript\n0\t0.4\tBom dia\n0.5\t0.9\ta todos\n")
    manifest.write_text("path\tlang\tsegments\na.wav\ten\ta.tsv\n")
    _, result = measured(manifest)
    assert (result["clips"][0]["reference"], result["clips"][0]["reference_from"]) == ("BOM DIA A TODOS", "model")
    assert result["summary"]["stream_laal_ms"]["n"] == result["summary"]["long_yaal_ms"]["n"] == 1


def test_without_transcript_and_reference_nothing_is_judged(corpus: Callable[..., Path]) -> None:
    _, result = measured(corpus("a", transcript="", reference=""))
    assert result["summary"]["wer"] is result["summary"]["chrf"] is None
    assert result["clips"][0]["reference_from"] == ""


def test_limit_takes_the_first_clips(corpus: Callable[..., Path]) -> None:
    assert measured(corpus("a", "b"), "--limit", "1")[1]["summary"]["clips"] == 1


def test_a_skipped_line_is_in_the_result(corpus: Callable[..., Path]) -> None:
    manifest = corpus("a")
    with manifest.open("a", encoding="utf-8") as lines:
        lines.write("gone.wav\ten\tx\ty\n")
    code, result = measured(manifest, "--bad", "skip")
    assert code == 0
    assert [problem["line"] for problem in result["problems"]] == [3]


def test_without_a_manifest_the_built_in_corpus_is_spoken(
    corpus: Callable[..., Path], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    manifest = corpus("a")
    monkeypatch.setattr(latency_command, "default_manifest", lambda language, load_voices: manifest)
    out = tmp_path / "run.json"
    assert latency_command.run(parser().parse_args(["--from", "en", "--to", "pt", "--json", str(out)])) == 0
    assert json.loads(out.read_text(encoding="utf-8"))["clips"][0]["name"] == "a"


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--server", "http://localhost", "--realtime"], "leave out --realtime"),
        (["--transport", "webrtc"], "name one with --server"),
        (["--limit", "0"], "at least one clip"),
        (["--json", "run.html"], "ends in .json"),
        (["--json", "/nowhere/run.json"], "can't be written"),
    ],
)
def test_options_that_cannot_be_had_are_refused(options: list[str], reason: str, corpus: Callable[..., Path]) -> None:
    with pytest.raises(BadInput, match=reason):
        latency_command.run(arguments(corpus("a"), *options))


def test_the_key_is_not_written_down(corpus: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["dragoman", "bench", "latency", "--key", "secret", "--key=secret"])
    _, result = measured(corpus("a"))
    assert result["provenance"]["command"] == "dragoman bench latency --key '***' '--key=***'"
