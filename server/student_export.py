"""The ONNX graphs made from a Marian student, made again whenever the weights or the exporter have changed.

`derived.json` beside the graphs records what they were made from and their sha256. That guards against damage and
against stale graphs; unlike the sha256 of a published file it can't guard against one who rewrites the record too.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from pathlib import Path

import mt
from server.model_catalogue import Model, ModelFile
from server.model_files import describe, sha256_of

GRAPHS = ("encoder.onnx", "decoder.onnx")
_RECORD = "derived.json"
_EXPORTER = ("export.py", "graph.py", "marian.py", "reference.py")


def weights_of(student: Model) -> ModelFile:
    """The one file of a student that holds its weights."""
    return next(file for file in student.files if file.path.endswith(".bin"))


def derived_files(folder: Path, student: Model) -> tuple[ModelFile, ...] | None:
    """The graphs as they must be; None when they are not there or were not made from these weights
    by this exporter."""
    try:
        record = json.loads((folder / _RECORD).read_text("utf-8"))
        if record["weights"] != weights_of(student).sha256 or record["exporter"] != _exporter():
            return None
        files = tuple(ModelFile(file["path"], file["size"], file["sha256"]) for file in record["files"])
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
    return files if all((folder / file.path).is_file() for file in files) else None


def export(folder: Path, student: Model) -> tuple[ModelFile, ...]:
    """Makes the graphs and their record beside the (already verified) weights; takes seconds."""
    from mt.export import export_student  # needs onnx, which only an export does

    with tempfile.TemporaryDirectory(prefix=".export-", dir=folder) as made:
        export_student(folder / weights_of(student).path, Path(made))
        files = describe(Path(made), GRAPHS)
        for name in GRAPHS:
            (Path(made) / name).replace(folder / name)
        record = {
            "weights": weights_of(student).sha256,
            "exporter": _exporter(),
            "files": [{"path": file.path, "size": file.size, "sha256": file.sha256} for file in files],
        }
        (Path(made) / _RECORD).write_text(json.dumps(record, indent=2) + "\n", "utf-8")
        (Path(made) / _RECORD).replace(folder / _RECORD)
    return files


def _exporter() -> str:
    """One sha256 over the sources that decide what the graphs are."""
    sources = (Path(mt.__path__[0]) / name for name in _EXPORTER)
    return hashlib.sha256("".join(map(sha256_of, sources)).encode()).hexdigest()
