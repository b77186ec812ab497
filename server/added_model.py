"""The user's own models: taken into the models folder, each file's sha256 recorded at that moment.

The record is `added.json` in the model's folder, so that deleting the folder undoes all of it.
"""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from server.local_model import LocalModel, recognize
from server.model_catalogue import Kind, Model, ModelFile
from server.model_files import describe
from server.student_export import export
from streaming.errors import BadInput, ModelTampered
from streaming.language import primary

_RECORD = "added.json"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_WHAT: dict[Kind, str] = {
    "whisper": "Whisper (CTranslate2), speech recognition",
    "piper": "Piper voice",
    "student": "Marian student",
}


def read_added(root: Path) -> tuple[Model, ...]:
    """The models that were added under `root`, the newest first. Raises ModelTampered for a broken record."""
    read = [_read(record) for record in root.glob(f"*/{_RECORD}")]
    return tuple(model for _, model in sorted(read, key=lambda added: added[0], reverse=True))


def add_model(
    root: Path, name: str, path: Path, *, languages: Sequence[str] = (), licence: str = "", link: bool = False
) -> Model:
    """Copies (or links) the model at `path` to `root`/`name`, which appears whole or not at all.

    `languages`: () or (language,) or (source, target). Raises BadInput for a name in use and for what is no model.
    """
    if not _NAME.fullmatch(name):
        raise BadInput(f"{name!r} can't be a model's name: use letters, digits, '-', '_' and '.'")
    if (root / name).exists():
        raise BadInput(f"there is a model called {name} already: take another name, or delete {root / name}")
    found = recognize(path)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".add-", dir=root) as staging:
        folder = Path(staging) / name
        folder.mkdir()
        for file in found.files:
            _take(file, folder / file.name, link=link)
        model = Model(
            name=name,
            kind=found.kind,
            what=f"{_WHAT[found.kind]} from {path.absolute()}",
            licence=licence or "not stated",
            languages=_languages(found, languages),
            files=describe(folder, [file.name for file in found.files]),
            added=True,
        )
        if model.kind == "student":
            export(folder, model)
        _write(folder / _RECORD, model)
        folder.rename(root / name)
    return model


def _languages(found: LocalModel, given: Sequence[str]) -> tuple[str, ...]:
    """Raises BadInput when the kind needs other languages than were given."""
    languages = tuple(map(primary, given))
    match found.kind:
        case "student" if len(languages) != 2:
            raise BadInput("this is a Marian student: say --from and --to")
        case "piper" if len(languages) > 1:
            raise BadInput("this is a Piper voice: say --lang, not --from and --to")
        case "piper":
            return languages or (primary(found.language),)
        case "whisper" if languages:
            raise BadInput("this is a Whisper model: it takes no language")
    return languages


def _take(source: Path, target: Path, *, link: bool) -> None:
    if link:
        target.symlink_to(source.resolve())
    else:
        shutil.copyfile(source, target)


def _write(record: Path, model: Model) -> None:
    described = {"added_at": time.time()} | asdict(replace(model, files=()))
    described["files"] = [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in model.files]
    record.write_text(json.dumps(described, indent=2) + "\n", "utf-8")


def _read(record: Path) -> tuple[float, Model]:
    try:
        described = json.loads(record.read_text("utf-8"))
        model = Model(
            name=record.parent.name,
            kind=described["kind"],
            what=described["what"],
            licence=described["licence"],
            languages=tuple(described["languages"]),
            files=tuple(ModelFile(file["path"], file["size"], file["sha256"]) for file in described["files"]),
            added=True,
        )
        return float(described["added_at"]), model
    except (ValueError, KeyError, TypeError) as error:
        raise ModelTampered(f"{record} can't be read: delete {record.parent} and add the model again") from error
