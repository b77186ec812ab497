from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from model_samples import piper_voice

from server.cli import main
from server.model_catalogue import SHIPPED


@pytest.fixture(autouse=True)
def empty_models_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DRAGOMAN_MODELS", str(tmp_path / "models"))
    return tmp_path / "models"


def test_list_shows_every_model_with_licence_and_state(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for model in SHIPPED:
        (line,) = (line for line in lines if line.startswith(model.name))
        assert model.licence in line and "missing" in line


def test_list_names_the_gpl_parts(capsys: pytest.CaptureFixture[str]) -> None:
    main(["models", "list"])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("espeak-ng"))
    assert "GPL-3.0" in line


def test_list_as_json_says_where_and_from_which_packages(
    capsys: pytest.CaptureFixture[str], empty_models_folder: Path
) -> None:
    main(["models", "list", "--json"])
    listed = {model["name"]: model for model in json.loads(capsys.readouterr().out)}
    assert listed["kokoro-82m"]["where"] == str(empty_models_folder / "kokoro-82m")
    assert "npm:kokoro-js==1.2.1" in listed["kokoro-82m"]["packages"]


def test_verify_fails_when_a_model_is_missing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify", "whisper-base"]) == 1
    assert "whisper-base: missing" in capsys.readouterr().out


def test_verify_of_an_unknown_model_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "verify", "nosuch"]) == 1
    assert capsys.readouterr().err.startswith("dragoman: no model is called 'nosuch'")


def test_an_added_voice_is_listed_as_the_users_own(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    voice = piper_voice(tmp_path / "from")
    assert main(["models", "add", "ana", str(voice), "--licence", "CC-BY-4.0"]) == 0
    main(["models", "list"])
    (line,) = (line for line in capsys.readouterr().out.splitlines() if line.startswith("ana "))
    assert all(part in line for part in ("verified", "CC-BY-4.0", "(pt; added by you)"))


def test_a_shipped_models_name_can_not_be_taken(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["models", "add", "whisper-base", str(piper_voice(tmp_path / "from"))]) == 1
    assert "there is a model called whisper-base already" in capsys.readouterr().err


def test_without_npm_kokoro_is_refused_by_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("npm") is None
    assert main(["models", "fetch", "kokoro-82m"]) == 1
    assert "kokoro-82m comes through npm, which is not installed" in capsys.readouterr().err
