"""Transcripts in SQLite: what was said in a session and its translations, each line until its time is over."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from server.sqlite_file import transaction
from server.transcript_lines import Line
from streaming.errors import BadInput

Retention = Literal["none", "15m", "1d", "30d"]

RETENTION_S: dict[Retention, float | None] = {"none": None, "15m": 900.0, "1d": 86_400.0, "30d": 30 * 86_400.0}
"""For how long a line is kept, from when it was committed; None: it isn't written."""

_OWNER_ONLY = 0o600
_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    id TEXT PRIMARY KEY,
    source TEXT,
    targets TEXT NOT NULL,
    begun_at REAL NOT NULL,
    expires_at REAL NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS line (
    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
    original INTEGER NOT NULL,
    language TEXT NOT NULL,
    place INTEGER NOT NULL,
    text TEXT NOT NULL,
    start_s REAL NOT NULL,
    end_s REAL NOT NULL,
    said_at REAL NOT NULL,
    skipped INTEGER NOT NULL,
    expires_at REAL NOT NULL,
    PRIMARY KEY (session, original, language, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS line_expires_at ON line (expires_at);
CREATE TABLE IF NOT EXISTS speaker (
    session TEXT PRIMARY KEY REFERENCES session ON DELETE CASCADE,
    room TEXT NOT NULL,
    name TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS speaker_room ON speaker (room);
"""


class UnknownTranscript(BadInput):
    """Nothing is stored under this id: nothing was said or kept, it was removed or its time is over."""

    code = "unknown_transcript"
    status = 404


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in a meeting."""

    room: str
    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """Whose lines they are."""

    id: str
    source_language: str | None
    """None: not declared"""
    target_languages: tuple[str, ...]
    """as they were at its begin; a meeting's come and go"""
    begun_at: float
    """seconds since the epoch"""
    speaker: Speaker | None = None
    """None: no meeting's"""


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line to be stored."""

    session: Session
    line: Line
    keep_s: float
    """from when it was committed"""


@dataclass(frozen=True, slots=True)
class StoredTranscript:
    """What is still kept of a session."""

    session: Session
    lines: tuple[Line, ...]
    """by the time of the speech, an original before its translations"""


class TranscriptStore:
    """All methods block. They raise StoreFailed where the disk fails.

    A line bears the time at which it expires: a server that keeps for less, or nothing, leaves what was promised.
    """

    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """The file is made by the first line. `clock`: seconds since the epoch."""
        self._path = path
        self._clock = clock

    def write(self, kept: Sequence[KeptLine]) -> None:
        """In one transaction; a line with the place of an earlier one replaces it."""
        if not self._path.exists():
            with self._open():
                self._path.chmod(_OWNER_ONLY)  # while nothing is in it
        with self._open() as database:
            for each in kept:
                _write(database, each.session, each.line, each.line.said_at + each.keep_s)

    def read(self, session_id: str) -> StoredTranscript:
        """Raises UnknownTranscript."""
        found = self._find("id = ?", session_id)
        if not found:
            raise UnknownTranscript(f"no transcript is stored under {session_id!r}")
        return found[0]

    def read_room(self, room: str) -> list[StoredTranscript]:
        """Those of all its speakers, by when they began. Raises UnknownTranscript."""
        found = self._find("room = ?", room)
        if not found:
            raise UnknownTranscript(f"no transcript of the room {room!r} is stored")
        return found

    def remove(self, session_id: str) -> bool:
        """Whether there was anything to remove."""
        return self._remove("id = ?", session_id)

    def remove_room(self, room: str) -> bool:
        """Whether there was anything to remove."""
        return self._remove("id IN (SELECT session FROM speaker WHERE room = ?)", room)

    def expire(self) -> None:
        """Deletes what is over."""
        if not self._path.exists():
            return
        with self._open() as database:
            for table in ("line", "session"):
                database.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (self._clock(),))

    def _find(self, condition: str, value: str) -> list[StoredTranscript]:
        if not self._path.exists():
            return []
        now = self._clock()
        with self._open() as database:
            rows = database.execute(
                "SELECT id, source, targets, begun_at, room, name FROM session"
                f" LEFT JOIN speaker ON speaker.session = id WHERE {condition} AND expires_at > ? ORDER BY begun_at",
                (value, now),
            ).fetchall()
            return [StoredTranscript(_session(row), _lines(database, row[0], now)) for row in rows]

    def _remove(self, condition: str, value: str) -> bool:
        if not self._path.exists():
            return False
        with self._open() as database:
            return database.execute(f"DELETE FROM session WHERE {condition}", (value,)).rowcount > 0

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._path, _SCHEMA)


def _write(database: sqlite3.Connection, session: Session, line: Line, expires_at: float) -> None:
    database.execute(
        "INSERT INTO session VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)",
        (session.id, session.source_language, " ".join(session.target_languages), session.begun_at, expires_at),
    )
    if session.speaker is not None:
        database.execute(
            "INSERT INTO speaker VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
            (session.id, session.speaker.room, session.speaker.name),
        )
    database.execute(
        "INSERT OR REPLACE INTO line VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            session.id,
            line.original,
            line.language,
            line.place,
            line.text,
            line.start_s,
            line.end_s,
            line.said_at,
            line.skipped,
            expires_at,
        ),
    )


def _session(row: tuple[str, str | None, str, float, str | None, str]) -> Session:
    session_id, source, targets, begun_at, room, name = row
    speaker = None if room is None else Speaker(room, name)
    return Session(session_id, source, tuple(targets.split()), begun_at, speaker)


def _lines(database: sqlite3.Connection, session_id: str, now: float) -> tuple[Line, ...]:
    rows = database.execute(
        "SELECT language, original, place, text, start_s, end_s, said_at, skipped FROM line"
        " WHERE session = ? AND expires_at > ? ORDER BY start_s, original DESC, language, place",
        (session_id, now),
    )
    return tuple(
        Line(language, bool(original), place, text, start_s, end_s, said_at, bool(skipped))
        for language, original, place, text, start_s, end_s, said_at, skipped in rows
    )
