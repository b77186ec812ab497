"""The secret that signs the tokens of rooms: DRAGOMAN_SECRET, or a file that the first who needs it makes."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from pathlib import Path

from server.glossary_store import store_path
from server.sqlite_file import StoreFailed
from streaming.errors import BadInput

LEAST_BYTES = 32
"""A key of HS256 is no shorter than its hash (RFC 7518, section 3.2)."""


def secret_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Beside the glossaries. Raises BadInput without a data folder."""
    return store_path(environment).with_name("secret")


def load_secret(path: Path, environment: Mapping[str, str] = os.environ) -> bytes:
    """Blocks. Of processes that make the file at once all get the same. Raises BadInput, StoreFailed."""
    if named := environment.get("DRAGOMAN_SECRET"):
        return _checked(named.encode(), "DRAGOMAN_SECRET")
    try:
        if not path.exists():
            _make(path)
        return _checked(path.read_bytes(), str(path))
    except OSError as error:
        raise StoreFailed(f"{path}: {error.strerror or error}") from error


def _make(path: Path) -> None:
    """Whole or not at all, for its owner alone, and never over another's."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix="secret-")
    made = Path(name)
    try:
        with open(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(LEAST_BYTES))
            file.flush()
            os.fsync(descriptor)
        path.hardlink_to(made)
    except FileExistsError:
        pass  # another process was first: its secret counts
    finally:
        made.unlink()


def _checked(secret: bytes, where: str) -> bytes:
    if len(secret) < LEAST_BYTES:
        raise BadInput(f"{where}: a secret has at least {LEAST_BYTES} characters; `openssl rand -hex 32` makes one")
    return secret
