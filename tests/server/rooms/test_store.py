from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

import server.rooms.store
from server.rooms.store import UNUSED_S, RoomStore, StoredRoom, UnknownRoom
from server.transcript_store import Retention

DAY_S = 86_400.0


class Clock:
    at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "rooms.sqlite3"


@pytest.fixture
def store(path: Path, clock: Clock) -> RoomStore:
    return RoomStore(path, longest="30d", clock=clock)


def made(store: RoomStore, name: str = "Board") -> StoredRoom:
    return store.create(name, open=False, transcripts="1d", glossaries=["finance", "people"])


def test_a_room_comes_back_as_it_was_made(store: RoomStore) -> None:
    room = made(store)
    assert room == StoredRoom(room.id, "Board", False, "1d", ("finance", "people"), 1000.0)
    assert store.get(room.id) == room


def test_an_id_can_be_dictated_and_typed_in_capitals(store: RoomStore) -> None:
    room = made(store)
    assert re.fullmatch("[bcdfghjkmnpqrstvwxyz]{4}(-[bcdfghjkmnpqrstvwxyz]{4}){2}", room.id)
    assert store.get(room.id.upper()) == room


def test_a_room_without_a_name_goes_by_its_id(store: RoomStore) -> None:
    room = made(store, "")
    assert room.name == room.id


def test_glossaries_change(store: RoomStore) -> None:
    room = made(store)
    store.set_glossaries(room.id, ["law"])
    assert store.get(room.id).glossaries == ("law",)


@pytest.mark.parametrize("made_one", [False, True])
def test_what_is_not_there_is_unknown(store: RoomStore, path: Path, made_one: bool) -> None:
    if made_one:
        made(store)
    for call in (store.get, store.remove, lambda room: store.set_glossaries(room, [])):
        with pytest.raises(UnknownRoom, match="'x'"):
            call("x")
    assert path.exists() == made_one


def test_a_removed_room_is_gone(store: RoomStore) -> None:
    room = made(store)
    store.remove(room.id)
    with pytest.raises(UnknownRoom):
        store.get(room.id)


def test_the_file_is_for_its_owner_alone(store: RoomStore, path: Path) -> None:
    made(store)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_room_that_is_asked_for_stays(store: RoomStore, clock: Clock) -> None:
    room = made(store)
    for _ in range(4):
        clock.at += 30 * DAY_S
        made(store)
        store.get(room.id)


def test_an_unused_room_is_gone(store: RoomStore, clock: Clock) -> None:
    room = made(store)
    clock.at += UNUSED_S + 1.0
    with pytest.raises(UnknownRoom):
        store.get(room.id)


def test_of_too_many_rooms_the_one_unused_for_the_longest_goes(
    store: RoomStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.rooms.store, "MAX_ROOMS", 2)
    first = made(store)
    clock.at += 2 * DAY_S
    second = made(store)
    clock.at += 2 * DAY_S
    store.get(first.id)
    made(store)
    assert store.get(first.id) == first
    with pytest.raises(UnknownRoom):
        store.get(second.id)


@pytest.mark.parametrize(("longest", "kept"), [("none", "none"), ("15m", "15m"), ("1d", "1d"), ("30d", "1d")])
def test_nothing_is_kept_for_longer_than_the_server_allows_now(
    store: RoomStore, path: Path, clock: Clock, longest: Retention, kept: Retention
) -> None:
    room = made(store)
    assert RoomStore(path, longest=longest, clock=clock).get(room.id).transcripts == kept
