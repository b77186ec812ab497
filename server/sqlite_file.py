"""One transaction on a SQLite file: opened for it and closed after it, so any thread or process may call.

Write-ahead logging (sqlite.org/wal.html) lets readers go on while one writes; what is deleted is overwritten
(sqlite.org/pragma.html#pragma_secure_delete).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from streaming.errors import DragomanError

_BUSY_S = 5.0


class StoreFailed(DragomanError):
    """The file can't be opened, read or written."""

    code = "store_failed"


@contextmanager
def transaction(path: Path, schema: str) -> Iterator[sqlite3.Connection]:
    """The file and its folder are made when they are first needed. Raises StoreFailed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_BUSY_S)) as database:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA foreign_keys = ON")
            database.execute("PRAGMA secure_delete = ON")
            database.executescript(schema)
            with database:
                yield database
    except (sqlite3.Error, OSError) as error:
        raise StoreFailed(f"{path}: {error}") from error
