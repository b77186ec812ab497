"""Named glossaries in SQLite: each has a dictionary for one pair of languages or several."""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from server.models import models_dir
from server.sqlite_file import transaction
from streaming.errors import BadInput
from streaming.glossary import Glossary, parse_glossary

MAX_GLOSSARIES = 1000
MAX_NAME_CHARACTERS = 200
_SCHEMA = """
CREATE TABLE IF NOT EXISTS glossary (id TEXT PRIMARY KEY, name TEXT NOT NULL, created TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS dictionary (
    glossary TEXT NOT NULL REFERENCES glossary ON DELETE CASCADE,
    source TEXT NOT NULL,
    target TEXT NOT NULL,
    terms INTEGER NOT NULL,
    entries TEXT NOT NULL,
    PRIMARY KEY (glossary, source, target)
) STRICT;
"""


class UnknownGlossary(BadInput):
    """Nothing is stored under this id or name, or not for this pair of languages."""

    code = "unknown_glossary"
    status = 404


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What is stored for one pair of languages."""

    source_language: str
    target_language: str
    terms: int


@dataclass(frozen=True, slots=True)
class StoredGlossary:
    """A glossary without its terms."""

    id: str
    name: str
    created: str
    """ISO 8601, UTC"""
    dictionaries: tuple[Dictionary, ...]


def store_path(environment: Mapping[str, str] = os.environ) -> Path:
    """dragoman/glossaries.sqlite3 in the user's data folder, wherever the models are. Raises BadInput without one."""
    user = {name: value for name, value in environment.items() if name != "DRAGOMAN_MODELS"}
    return models_dir(user).parent / "glossaries.sqlite3"


class GlossaryStore:
    """All methods block. They raise StoreFailed where the disk fails, UnknownGlossary for what is not there."""

    def __init__(self, path: Path) -> None:
        """The file and its folder are made when they are first needed."""
        self._path = path

    def all(self) -> list[StoredGlossary]:
        """By name."""
        with self._open() as database:
            rows = database.execute("SELECT id, name, created FROM glossary ORDER BY name, created").fetchall()
            return [_stored(database, row) for row in rows]

    def find(self, named: str) -> StoredGlossary:
        """By id, or by a name that one glossary has."""
        with self._open() as database:
            rows = database.execute(
                "SELECT id, name, created FROM glossary WHERE id = ? OR name = ? ORDER BY id <> ?", (named,) * 3
            ).fetchall()
            if not rows:
                raise UnknownGlossary(f"no glossary is stored under {named!r}")
            if len(rows) > 1 and rows[0][0] != named:
                raise BadInput(f"{len(rows)} glossaries are called {named!r}: say which by its id")
            return _stored(database, rows[0])

    def read(self, glossary_id: str, source_language: str, target_language: str) -> Glossary:
        """The terms from one language (a primary one) into the other."""
        with self._open() as database:
            row = database.execute(
                "SELECT entries FROM dictionary WHERE glossary = ? AND source = ? AND target = ?",
                (glossary_id, source_language, target_language),
            ).fetchone()
        if row is None:
            raise UnknownGlossary(f"{glossary_id} has no terms from {source_language} to {target_language}")
        return parse_glossary(row[0], source_language=source_language, target_language=target_language)

    def create(self, name: str, glossaries: Sequence[Glossary]) -> StoredGlossary:
        """A new one, with an id of its own: names need not differ."""
        glossary_id = str(uuid.uuid4())
        with self._open() as database:
            if database.execute("SELECT count(*) FROM glossary").fetchone()[0] >= MAX_GLOSSARIES:
                raise BadInput(f"there are {MAX_GLOSSARIES} glossaries already: remove one first")
            created = datetime.now(UTC).isoformat(timespec="milliseconds")
            database.execute("INSERT INTO glossary VALUES (?, ?, ?)", (glossary_id, _checked(name), created))
            for glossary in glossaries:
                _put(database, glossary_id, glossary)
        return self.find(glossary_id)

    def put(self, glossary_id: str, glossary: Glossary) -> None:
        """In the place of what it has for this pair of languages."""
        with self._open() as database:
            _need(database, glossary_id)
            _put(database, glossary_id, glossary)

    def rename(self, glossary_id: str, name: str) -> None:
        with self._open() as database:
            _need(database, glossary_id)
            database.execute("UPDATE glossary SET name = ? WHERE id = ?", (_checked(name), glossary_id))

    def remove(self, glossary_id: str) -> None:
        with self._open() as database:
            _need(database, glossary_id)
            database.execute("DELETE FROM glossary WHERE id = ?", (glossary_id,))

    def remove_dictionary(self, glossary_id: str, source_language: str, target_language: str) -> None:
        with self._open() as database:
            pair = (glossary_id, source_language, target_language)
            gone = database.execute("DELETE FROM dictionary WHERE glossary = ? AND source = ? AND target = ?", pair)
            if not gone.rowcount:
                raise UnknownGlossary(f"{glossary_id} has no terms from {source_language} to {target_language}")

    def _open(self) -> AbstractContextManager[sqlite3.Connection]:
        return transaction(self._path, _SCHEMA)


def _stored(database: sqlite3.Connection, row: tuple[str, str, str]) -> StoredGlossary:
    pairs = database.execute(
        "SELECT source, target, terms FROM dictionary WHERE glossary = ? ORDER BY source, target", (row[0],)
    )
    return StoredGlossary(*row, tuple(Dictionary(*pair) for pair in pairs))


def _put(database: sqlite3.Connection, glossary_id: str, glossary: Glossary) -> None:
    pair = (glossary_id, glossary.source_language, glossary.target_language)
    database.execute(
        "INSERT OR REPLACE INTO dictionary VALUES (?, ?, ?, ?, ?)", (*pair, len(glossary.terms), glossary.tsv())
    )


def _need(database: sqlite3.Connection, glossary_id: str) -> None:
    if database.execute("SELECT 1 FROM glossary WHERE id = ?", (glossary_id,)).fetchone() is None:
        raise UnknownGlossary(f"no glossary is stored under {glossary_id!r}")


def _checked(name: str) -> str:
    if not name.strip() or not name.isprintable() or len(name) > MAX_NAME_CHARACTERS:
        raise BadInput(f"name: 1 to {MAX_NAME_CHARACTERS} printable characters")
    return name
