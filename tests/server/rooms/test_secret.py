from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.rooms.secret import load_secret
from server.sqlite_file import StoreFailed
from streaming.errors import BadInput


def load(path: Path) -> bytes:
    return load_secret(path, {})


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "data" / "secret"
    made = load(path)
    assert len(made) >= 32
    assert load(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(path.parent.iterdir()) == [path]


def test_all_who_make_it_at_once_get_the_same(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as makers:
        made = set(makers.map(load, [tmp_path / "secret"] * 8))
    assert made == {(tmp_path / "secret").read_bytes()}
    assert len(list(tmp_path.iterdir())) == 1


def test_two_data_folders_have_two_secrets(tmp_path: Path) -> None:
    assert load(tmp_path / "one" / "secret") != load(tmp_path / "other" / "secret")


def test_the_environment_goes_before_the_file(tmp_path: Path) -> None:
    assert load_secret(tmp_path / "secret", {"DRAGOMAN_SECRET": "s" * 32}) == b"s" * 32
    assert not list(tmp_path.iterdir())


def test_a_short_secret_is_refused_and_not_repeated(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="DRAGOMAN_SECRET: a secret has at least 32") as refused:
        load_secret(tmp_path / "secret", {"DRAGOMAN_SECRET": "hunter2"})
    assert "hunter2" not in refused.value.reason
    (tmp_path / "secret").touch()
    with pytest.raises(BadInput, match="at least 32"):
        load(tmp_path / "secret")


def test_a_folder_that_cannot_be_written_fails_by_name(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreFailed, match="file/secret"):
        load(tmp_path / "file" / "secret")
