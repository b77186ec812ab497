"""The rooms of a server in SQLite: each until it is removed, or nobody has asked for it for long."""

from __future__ import annotations

import json
import secrets
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from server.sqlite_file import transaction
from server.transcript_store import RETENTION_S, Retention
from streaming.errors import BadInput

MAX_ROOMS = 10_000
"""Then the one that nobody has asked for the longest makes room, so a flood of rooms keeps nobody from meeting."""

UNUSED_S = 90 * 86_400.0
"""Three months: a meeting that comes each month has its link stay."""

_USE_NOTED_EVERY_S = 86_400.0
"""A day, so that reading a room seldom writes."""

_LETTERS = "bcdfghjkmnpqrstvwxyz"
"""Without vowels no words come up, and without `l` nothing looks like a digit. Twelve of them are 51 bits."""

_OWNER_ONLY = 0o600
_SCHEMA = """
CREATE TABLE IF NOT EXISTS room (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    open INTEGER NOT NULL,
    transcripts TEXT NOT NULL,
    glossaries TEXT NOT NULL,
    created_at REAL NOT NULL,
    used_at REAL NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS room_used_at ON room (used_at);
"""


class UnknownRoom(BadInput):
    """There is no such room: it never was, it was removed or unused for long."""

    code = "unknown_room"
    status = 404


@dataclass(frozen=True, slots=True)
class StoredRoom:
    """A room, whether somebody meets in it or not."""

    id: str
    name: str
    open: bool
    """whoever knows its id may come in, where the server has open rooms"""
    transcripts: Retention
    """how long what is said may be read; never longer than the server allows now"""
    glossaries: tuple[str, ...]
    """names of the server's"""
    created_at: float
    """seconds since the epoch"""


class RoomStore:
    """All methods block. They raise StoreFailed where the disk fails, UnknownRoom for what is not there."""

    def __init__(self, path: Path, *, longest: Retention, clock: Callable[[], float] = time.time) -> None:
        """The file is made by the first room. `longest`: what the server allows. `clock`: seconds since the epoch."""
        self._path = path
        self._longest: Retention = longest
        self._clock = clock

    def create(self, name: str, *, open: bool, transcripts: Retention, glossaries: Sequence[str]) -> StoredRoom:
        """A new one, with an id that can be dictated and not be guessed; that is its name too where `name` is empty."""
        now = self._clock()
        room_id = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        room = StoredRoom(room_id, name or room_id, open, transcripts, tuple(glossaries), now)
        if not self._path.exists():
            with self._open():
                self._path.chmod(_OWNER_ONLY)  # while nothing is in it
        with self._open() as database:
            database.execute("DELETE FROM room WHERE used_at < ?", (now - UNUSED_S,))
            database.execute(
                "DELETE FROM room WHERE id IN (SELECT id FROM room ORDER BY used_at DESC LIMIT -1 OFFSET ?)",
                (MAX_ROOMS - 1,),
            )
            database.execute(
                "INSERT INTO room VALUES (?, ?, ?, ?, ?, ?, ?)",
                (room.id, room.name, room.open, room.transcripts, json.dumps(room.glossaries), now, now),
            )
        return room

    def get(self, room_id: str) -> StoredRoom:
        """However its letters are written: people type them."""
        known = room_id.lower()
        if not self._path.exists():
            raise _unknown(room_id)
        now = self._clock()
        with self._open() as database:
            row = database.execute(
                "SELECT used_at, id, name, open, transcripts, glossaries, created_at FROM room"
                " WHERE id = ? AND used_at >= ?",
                (known, now - UNUSED_S),
            ).fetchone()
            if row is None:
                raise _unknown(room_id)
            if row[0] < now - _USE_NOTED_EVERY_S:
                database.execute("UPDATE room SET used_at = ? WHERE id = ?", (now, known))
        return self._stored(row[1:])

    def set_glossaries(self, room_id: str, glossaries: Sequence[str]) -> None:
        self._change("UPDATE room SET glossaries = ? WHERE id = ?", json.dumps(list(glossaries)), room_id)

    def remove(self, room_id: str) -> None:
        self._change("DELETE FROM room WHERE id = ?", room_id)

    def _change(self, statement: str, *values: str) -> None:
        """`values` end with the room's id."""
        if not self._path.exists():
            raise _unknown(values[-1])
        with self._open() as database:
            if not database.execute(statement, values).rowcount:
                raise _unknown(values[-1])

    def _stored(self, row: tuple[str, str, int, Retention, str, float]) -> StoredRoom:
        room_id, name, is_open, transcripts, glossaries, created_at = row
        kept = min(transcripts, self._longest, key=lambda retention: RETENTION_S[retention] or 0.0)
        return StoredRoom(room_id, name, bool(is_open), kept, tuple(json.loads(glossaries)), created_at)

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._path, _SCHEMA)


def _unknown(room_id: str) -> UnknownRoom:
    return UnknownRoom(f"there is no room {room_id!r}")
