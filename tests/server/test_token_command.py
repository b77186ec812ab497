from __future__ import annotations

import json
import time
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from server.auth import ApiKeys
from server.cli import main
from server.rooms.access import Access
from server.rooms.secret import load_secret, secret_path
from server.rooms.store import RoomStore, StoredRoom


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's data folder."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("DRAGOMAN_SECRET", raising=False)
    return tmp_path / "dragoman"


@pytest.fixture
def room(data: Path) -> StoredRoom:
    store = RoomStore(data / "rooms.sqlite3", longest="none")
    return store.create("Board", open=False, transcripts="none", glossaries=[])


def server() -> Access:
    """That of a server of the same user."""
    return Access(ApiKeys(()), policy="invited", secret=lambda: load_secret(secret_path()))


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    assert main(["token", *argv]) == code
    captured = capsys.readouterr()
    return (captured.out if code == 0 else captured.err).strip()


def test_a_token_leads_into_its_room(room: StoredRoom, capsys: pytest.CaptureFixture[str]) -> None:
    token = said(capsys, "--role", "speaker", "--room", room.id.upper())
    assert server().check(f"Bearer {token}", room) == "speaker"


def test_a_hosts_token_without_a_room_opens_rooms(capsys: pytest.CaptureFixture[str]) -> None:
    server().may_open(f"Bearer {said(capsys, '--role', 'host')}")


def test_a_link_leads_to_the_page(room: StoredRoom, capsys: pytest.CaptureFixture[str]) -> None:
    link = said(capsys, "--role", "listener", "--room", room.id, "--link", "--url", "https://translate.example.org/")
    page, _, fragment = link.partition("#")
    assert page == "https://translate.example.org/meet/"
    shown = parse_qs(fragment)
    assert shown["room"] == [room.id]
    assert server().check(f"Bearer {shown['token'][0]}", room) == "listener"


def test_json_says_when_it_ends(room: StoredRoom, capsys: pytest.CaptureFixture[str]) -> None:
    body = json.loads(said(capsys, "--role", "host", "--room", room.id, "--hours", "0.5", "--json"))
    assert (body["role"], body["room"]) == ("host", room.id)
    assert body["link"].endswith(body["token"])
    assert abs(body["expires_at"] / 1000 - time.time() - 1800) < 60


@pytest.mark.parametrize(
    ("argv", "reason"),
    [
        (["--role", "speaker"], "a speaker needs a room"),
        (["--role", "speaker", "--room", "x"], "there is no room 'x'"),
        (["--role", "host", "--hours", "0"], "--hours must be"),
        (["--role", "host", "--hours", "nan"], "--hours must be"),
        (["--role", "host", "--url", "translate.example.org"], "--url"),
    ],
)
def test_a_token_that_cannot_be_is_refused(argv: list[str], reason: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert reason in said(capsys, *argv, code=1)


def test_the_secret_may_come_from_the_environment(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DRAGOMAN_SECRET", "s" * 32)
    server().may_open(f"Bearer {said(capsys, '--role', 'host')}")
    assert not (data / "secret").exists()
