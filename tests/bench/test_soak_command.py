"""What `dragoman bench soak` writes and when it fails, with a system that is made up."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile

from bench import soak_command
from bench.corpus import Clip
from bench.events import ClauseHeard, ClauseSkipped, ModelCall, read_log
from bench.recording import Recording, Told
from bench.soak_command import parser
from streaming.errors import BadInput, DragomanError

CLAUSES = 9


class Scripted:
    """Says a clause every ten seconds, skips the last; then raises what it is given."""

    name = "scripted"

    def __init__(self, error: BaseException | None = None, *, clauses: int = CLAUSES) -> None:
        self.spoken: list[Clip] = []
        self._error = error
        self._clauses = clauses

    def run(self, clip: Clip, told: Told) -> Recording:
        self.spoken.append(clip)
        assert clip.path.is_file()
        for index in range(self._clauses):
            end_s = 10.0 * index + 1
            told(ModelCall("whisper", 1, 0.1, end_s + 0.5))
            told(ClauseHeard(index, "sim", end_s - 1, end_s, end_s, end_s + 1, end_s + 2, 1.0, 2.0))
        told(ClauseSkipped(self._clauses, "não", 95.0, 96.0, "late", 98.0))
        if self._error is not None:
            raise self._error
        return Recording(clip, clip.seconds)


Measured = Callable[..., tuple[int, dict[str, Any]]]


@pytest.fixture
def measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Measured:
    """A run with this system in the product's place: its exit code and its result."""
    store = SimpleNamespace(whisper=lambda: Path("whisper-base"), models=lambda: ())
    monkeypatch.setattr(soak_command, "ModelStore", lambda root: store)
    monkeypatch.setattr(soak_command, "load_models", lambda store, speech_kept: SimpleNamespace())

    def run(system: Scripted) -> tuple[int, dict[str, Any]]:
        monkeypatch.setattr(soak_command, "InProcess", lambda *_, **__: system)
        code = soak_command.run(arguments(tmp_path, "--virtual", "--minutes", "2"))
        return code, json.loads((tmp_path / "soak.json").read_text(encoding="utf-8"))

    return run


def arguments(folder: Path, *options: str) -> argparse.Namespace:
    soundfile.write(folder / "a.wav", np.zeros(16000, np.float32), 16000)
    (folder / "clips.tsv").write_text("path\tlang\na.wav\ten\n", encoding="utf-8")
    out = [] if "--json" in options else ["--json", str(folder / "soak.json")]
    return parser().parse_args(["--manifest", str(folder / "clips.tsv"), "--from", "en", "--to", "pt", *out, *options])


def test_result_log_and_picture_lie_side_by_side(measured: Measured, tmp_path: Path) -> None:
    system = Scripted()
    code, result = measured(system)
    assert (code, result["ended_by"], result["system"], result["clips"]) == (0, None, "scripted", 1)
    assert result["summary"]["ear_voice_span_ms"]["n"] == CLAUSES
    assert result["summary"]["lag_slope_s_per_min"] == {"slope": 0, "low": 0, "high": 0}
    assert result["summary"]["clauses_skipped"] == 1
    assert result["provenance"]["models"] == {"whisper": "whisper-base"}
    assert len(list(read_log(tmp_path / "soak.events.jsonl"))) == 2 * CLAUSES + 1
    assert (tmp_path / "soak.png").stat().st_size > 0


def test_all_is_said_in_one_session_whose_speech_is_not_left_lying(measured: Measured) -> None:
    system = Scripted()
    measured(system)
    assert [clip.seconds for clip in system.spoken] == [120.0]
    assert not system.spoken[0].path.exists()


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (KeyboardInterrupt(), "interrupted"),
        (DragomanError("the line is dead"), "the line is dead"),
        (ZeroDivisionError("a bug"), "ZeroDivisionError: a bug"),
    ],
)
def test_what_was_measured_before_the_end_came_is_written(
    error: BaseException, reason: str, measured: Measured, capsys: pytest.CaptureFixture[str]
) -> None:
    code, result = measured(Scripted(error))
    assert (code, result["ended_by"]) == (1, reason)
    assert result["summary"]["clauses"] == CLAUSES + 1
    assert f"ended early: {reason}" in capsys.readouterr().err


def test_an_error_before_anything_was_heard_is_raised(measured: Measured) -> None:
    with pytest.raises(DragomanError, match="no server"):
        measured(Scripted(DragomanError("no server"), clauses=0))


def test_a_dash_prints_the_result_and_writes_nothing(
    measured: Measured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(soak_command, "InProcess", lambda *_, **__: Scripted())
    assert soak_command.run(arguments(tmp_path, "--virtual", "--json", "-")) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["clauses"] == CLAUSES + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.wav", "clips.tsv"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--minutes", "0"], "more than none"),
        (["--minutes", "inf"], "more than none"),
        (["--virtual", "--key", "k"], "live server"),
        (["--json", "soak.png"], "ends in .json"),
        (["--json", "/nowhere/soak.json"], "can't be written"),
    ],
)
def test_soak_refuses_what_cannot_be_had(options: list[str], reason: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=reason):
        soak_command.run(arguments(tmp_path, *options))


def test_a_live_server_and_virtual_time_exclude_each_other(tmp_path: Path) -> None:
    with pytest.raises(SystemExit):
        arguments(tmp_path, "--virtual", "--server", "http://localhost")
