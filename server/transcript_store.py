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
"""


class UnknownTranscript(BadInput):
    """Nothing is stored under this id: nothing was said or kept, it was removed or its time is over."""

    code = "unknown_transcript"
    status = 404


@dataclass(frozen=True, slots=True)
class Session:
    """Whose lines they are."""

    id: str
    source_language: str | None
    """None: not declared"""
    target_languages: tuple[str, ...]
    begun_at: float
    """seconds since the epoch"""


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

    def write(self, lines: Sequence[tuple[Session, Line]], *, keep_s: float) -> None:
        """In one transaction; a line with the place of an earlier one replaces it."""
        if not self._path.exists():
            with self._open():
                self._path.chmod(_OWNER_ONLY)  # while nothing is in it
        with self._open() as database:
            for session, line in lines:
                expires_at = line.said_at + keep_s
                database.execute(
                    "INSERT INTO session VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT DO UPDATE SET expires_at = max(expires_at, excluded.expires_at)",
                    (
                        session.id,
                        session.source_language,
                        " ".join(session.target_languages),
                        session.begun_at,
                        expires_at,
                    ),
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

    def read(self, session_id: str) -> StoredTranscript:
        """Raises UnknownTranscript."""
        unknown = UnknownTranscript(f"no transcript is stored under {session_id!r}")
        if not self._path.exists():
            raise unknown
        with self._open() as database:
            alive = (session_id, self._clock())
            session = database.execute(
                "SELECT id, source, targets, begun_at FROM session WHERE id = ? AND expires_at > ?", alive
            ).fetchone()
            lines = database.execute(
                "SELECT language, original, place, text, start_s, end_s, said_at, skipped FROM line"
                " WHERE session = ? AND expires_at > ? ORDER BY start_s, original DESC, language, place",
                alive,
            ).fetchall()
        if session is None:
            raise unknown
        return StoredTranscript(
            Session(session[0], session[1], tuple(session[2].split()), session[3]), tuple(map(_line, lines))
        )

    def remove(self, session_id: str) -> bool:
        """Whether there was anything to remove."""
        if not self._path.exists():
            return False
        with self._open() as database:
            return database.execute("DELETE FROM session WHERE id = ?", (session_id,)).rowcount > 0

    def expire(self) -> None:
        """Deletes what is over."""
        if not self._path.exists():
            return
        with self._open() as database:
            for table in ("line", "session"):
                database.execute(f"DELETE FROM {table} WHERE expires_at <= ?", (self._clock(),))

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._path, _SCHEMA)


def _line(row: tuple[str, int, int, str, float, float, float, int]) -> Line:
    language, original, place, text, start_s, end_s, said_at, skipped = row
    return Line(language, bool(original), place, text, start_s, end_s, said_at, bool(skipped))
