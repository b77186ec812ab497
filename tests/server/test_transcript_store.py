from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from server.sqlite_file import StoreFailed
from server.transcript_lines import Line
from server.transcript_store import KeptLine, Session, Speaker, StoredTranscript, TranscriptStore, UnknownTranscript

MEETING = Session("7", "en", ("pt", "es"), 1000.0)
SAID = Line("en", True, 0, "Good day.", 0.0, 1.5, 1002.0)
TRANSLATED = Line("pt", False, 0, "Bom dia.", 0.0, 1.5, 1003.0, skipped=True)
KEEP_S = 900.0
ANA = Session("8", "pt", ("en",), 1010.0, Speaker("board", "Ana"))
BEN = Session("9", "en", ("pt",), 1005.0, Speaker("board", "Ben"))
ELSEWHERE = Session("10", "en", ("pt",), 1005.0, Speaker("staff", "Ana"))


class Clock:
    at = 1003.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> TranscriptStore:
    return TranscriptStore(tmp_path / "data" / "transcripts.sqlite3", clock)


@pytest.fixture
def path(store: TranscriptStore, tmp_path: Path) -> Path:
    """Of a store with two lines."""
    store.write([kept(MEETING, TRANSLATED), kept(MEETING, SAID)])
    return tmp_path / "data" / "transcripts.sqlite3"


def kept(session: Session, line: Line = SAID) -> KeptLine:
    return KeptLine(session, line, KEEP_S)


def rows(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as database:
        return int(database.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_lines_come_back_as_they_were_stored_an_original_before_its_translation(
    store: TranscriptStore, path: Path
) -> None:
    assert store.read("7") == StoredTranscript(MEETING, (SAID, TRANSLATED))


def test_a_line_that_has_grown_replaces_itself(store: TranscriptStore, path: Path) -> None:
    grown = replace(SAID, text="Good day, all.")
    store.write([kept(MEETING, grown)])
    assert store.read("7").lines == (grown, TRANSLATED)


def test_the_file_is_in_wal_mode_and_for_its_owner_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_line_is_deleted_when_its_time_is_over_and_its_session_with_the_last(
    store: TranscriptStore, path: Path, clock: Clock
) -> None:
    clock.at = 1002.0 + KEEP_S
    store.expire()
    assert (rows(path, "line"), rows(path, "session")) == (1, 1)
    clock.at = 1003.0 + KEEP_S
    store.expire()
    assert (rows(path, "line"), rows(path, "session")) == (0, 0)


def test_what_is_over_is_not_read_though_it_is_not_deleted_yet(
    store: TranscriptStore, path: Path, clock: Clock
) -> None:
    clock.at = 1002.0 + KEEP_S
    assert store.read("7").lines == (TRANSLATED,)
    clock.at = 1003.0 + KEEP_S
    with pytest.raises(UnknownTranscript):
        store.read("7")


def test_a_deleted_text_is_nowhere_in_the_file(store: TranscriptStore, path: Path, clock: Clock) -> None:
    assert b"Good day" in path.read_bytes()
    clock.at = 1003.0 + KEEP_S
    store.expire()
    assert b"Good day" not in path.read_bytes()


def test_a_removed_session_takes_its_lines_along(store: TranscriptStore, path: Path) -> None:
    assert store.remove("7")
    assert rows(path, "line") == 0
    assert not store.remove("7")


def test_a_room_has_the_transcripts_of_all_its_speakers_by_when_they_began(store: TranscriptStore) -> None:
    store.write([kept(ANA), kept(MEETING), kept(BEN), kept(ELSEWHERE)])
    assert store.read_room("board") == [StoredTranscript(BEN, (SAID,)), StoredTranscript(ANA, (SAID,))]
    assert store.read("8") == StoredTranscript(ANA, (SAID,))


def test_a_removed_room_takes_its_speakers_along_and_no_others(store: TranscriptStore) -> None:
    store.write([kept(ANA), kept(MEETING), kept(BEN), kept(ELSEWHERE)])
    assert store.remove_room("board")
    assert not store.remove_room("board")
    with pytest.raises(UnknownTranscript, match="board"):
        store.read_room("board")
    assert store.read_room("staff") and store.read("7")


def test_each_line_is_kept_for_its_own_time(store: TranscriptStore, clock: Clock) -> None:
    store.write([kept(ANA), KeptLine(BEN, SAID, 10.0)])
    clock.at = 1002.0 + 10.0
    assert [transcript.session for transcript in store.read_room("board")] == [ANA]


def test_a_file_from_before_there_were_rooms_goes_on(store: TranscriptStore, path: Path) -> None:
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TABLE speaker")
    store.write([kept(ANA)])
    assert store.read("7").lines == (SAID, TRANSLATED)
    assert store.read_room("board") == [StoredTranscript(ANA, (SAID,))]


def test_nothing_makes_a_file_before_something_is_written(store: TranscriptStore, tmp_path: Path) -> None:
    store.expire()
    assert not store.remove("7")
    with pytest.raises(UnknownTranscript):
        store.read("7")
    assert not list(tmp_path.iterdir())


def test_a_file_that_is_none_of_ours_fails_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"no database, but long enough to be looked at" * 20)
    with pytest.raises(StoreFailed, match=r"x\.sqlite3"):
        TranscriptStore(tmp_path / "x.sqlite3").read("7")
