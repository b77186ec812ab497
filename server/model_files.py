"""Whether a model's files are the ones they should be: sha256 (FIPS 180-4) of every byte, no stamps, no short cuts.

All shipped models (0.4 GB) are hashed in 0.2 s on two cores, so a start can afford the sound check.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from server.model_catalogue import ModelFile
from streaming.errors import DragomanError, ModelMissing, ModelTampered


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that is not what it should be."""

    path: Path
    expected: str
    """sha256"""
    found: str | None
    """sha256; None: there is no such file"""

    def error(self) -> DragomanError:
        """What a loader raises instead of reading the file."""
        if self.found is None:
            return ModelMissing(f"{self.path} is missing (`dragoman models fetch` gets what is shipped)")
        return ModelTampered(
            f"{self.path} is refused: its sha256 is {self.found}, it should be {self.expected}"
            " (`dragoman models fetch --replace` gets a shipped file anew)"
        )


def sha256_of(path: Path) -> str:
    """The file's sha256 as 64 hexadecimal digits."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def describe(folder: Path, names: Iterable[str]) -> tuple[ModelFile, ...]:
    """The files as they are now, to be held to later."""
    paths = [(name, folder / name) for name in sorted(names)]
    return tuple(ModelFile(name, path.stat().st_size, sha256_of(path)) for name, path in paths)


def problems(folder: Path, files: Iterable[ModelFile]) -> list[Problem]:
    """Every file under `folder` that is missing or is not byte for byte the expected one, in order."""
    with ThreadPoolExecutor() as threads:
        found = threads.map(lambda file: _compare(folder / file.path, file), files)
        return [problem for problem in found if problem]


def _compare(path: Path, file: ModelFile) -> Problem | None:
    if not path.is_file():
        return Problem(path, file.sha256, None)
    found = sha256_of(path)
    return None if found == file.sha256 else Problem(path, file.sha256, found)
