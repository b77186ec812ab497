"""The models on this machine: where they are, which one serves what, and none handed out unverified."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from server.added_model import read_added
from server.model_catalogue import SHIPPED, Model, ModelFile
from server.model_files import Problem, problems
from server.student_export import derived_files, export
from streaming.errors import BadInput
from streaming.language import primary

State = Literal["verified", "missing", "incomplete", "tampered", "not exported"]
_DEFAULT_WHISPER = "whisper-base"


@dataclass(frozen=True, slots=True)
class Finding:
    """What hashing a model's files came to."""

    state: State
    problems: tuple[Problem, ...]


def models_dir(environment: Mapping[str, str] = os.environ) -> Path:
    """DRAGOMAN_MODELS, else dragoman/models in the user's data folder (XDG Base Directory Specification).

    Raises BadInput when the user has no home folder and names none.
    """
    if named := environment.get("DRAGOMAN_MODELS"):
        return Path(named).expanduser().absolute()
    data = Path(environment.get("XDG_DATA_HOME", ""))
    if data.is_absolute():  # the specification has relative ones ignored
        return data / "dragoman" / "models"
    try:
        return Path.home() / ".local" / "share" / "dragoman" / "models"
    except RuntimeError as error:
        raise BadInput("there is no home folder to keep the models in: set DRAGOMAN_MODELS to a folder") from error


class ModelStore:
    """The shipped models and those the user added.

    Every path it gives out is that of a model whose files have all been hashed and found right, once a store.
    """

    def __init__(self, root: Path, *, shipped: Sequence[Model] = SHIPPED, whisper: str = "") -> None:
        self.root = root
        self._shipped = tuple(shipped)
        self._whisper = whisper
        self._trusted: set[str] = set()

    def models(self) -> tuple[Model, ...]:
        """All models it knows, here or not; the user's own first (the newest of them before the others)."""
        return read_added(self.root) + self._shipped

    def find(self, name: str) -> Model:
        """Raises BadInput when there is no such model."""
        for model in self.models():
            if model.name == name:
                return model
        raise BadInput(f"no model is called {name!r}; there are {', '.join(model.name for model in self.models())}")

    def path(self, name: str) -> Path:
        """The verified model's folder, a student's graphs made where they are absent or stale (that takes seconds).

        Raises ModelMissing, ModelTampered.
        """
        model = self.find(name)
        if name not in self._trusted:
            self.verify(name)
            self.export(model)
            self._trusted.add(name)
        return self.root / name

    def whisper(self) -> Path:
        """The recognizer's folder: the one asked for, else DRAGOMAN_WHISPER's, else the shipped one."""
        name = self._whisper or os.environ.get("DRAGOMAN_WHISPER") or _DEFAULT_WHISPER
        if self.find(name).kind != "whisper":
            raise BadInput(f"{name} is not a Whisper model")
        return self.path(name)

    def student(self, source: str, target: str) -> Path | None:
        """The folder with the pair's encoder.onnx and decoder.onnx; None when no model knows the pair.

        Raises ModelMissing when one does and is not here.
        """
        pair = (primary(source), primary(target))
        known = [model for model in self.models() if model.kind == "student" and model.languages == pair]
        return self._first_path([*filter(self.is_here, known), *known])

    def piper_voice(self, language: str) -> Path | None:
        """The voice's .onnx (its .onnx.json lies beside it); None when none here speaks the language."""
        spoken = primary(language)
        voices = [model for model in self.models() if model.kind == "piper" and spoken in model.languages]
        folder = self._first_path([*filter(self.is_here, voices)])
        return next(folder.glob("*.onnx")) if folder else None

    def kokoro(self) -> Path | None:
        """Kokoro's folder; None where it could not be fetched (its voices come through npm)."""
        return self._first_path([model for model in self.models() if model.kind == "kokoro" and self.is_here(model)])

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The (source, target) pairs whose student is on this machine."""
        students = [model for model in self.models() if model.kind == "student" and self.is_here(model)]
        return tuple(sorted({(model.languages[0], model.languages[1]) for model in students}))

    def is_here(self, model: Model) -> bool:
        """Whether every file exists; says nothing of what is in them."""
        return all((self.root / model.name / file.path).is_file() for file in model.files)

    def check(self, model: Model) -> Finding:
        """Hashes all of the model's files and, where they are up to date, a student's graphs."""
        graphs = self._graphs(model)
        wrong = tuple(problems(self.root / model.name, (*model.files, *(graphs or ()))))
        if any(problem.found for problem in wrong):
            return Finding("tampered", wrong)
        if wrong:
            return Finding("missing" if len(wrong) == len(model.files) else "incomplete", wrong)
        return Finding("not exported" if graphs is None else "verified", ())

    def verify(self, name: str) -> None:
        """Raises ModelMissing, ModelTampered for the first file that is not as it should be."""
        for problem in self.check(self.find(name)).problems:
            raise problem.error()

    def export(self, model: Model) -> None:
        """Makes a student's graphs where they are absent or stale; its weights must have been verified."""
        if self._graphs(model) is None:
            export(self.root / model.name, model)

    def _graphs(self, model: Model) -> tuple[ModelFile, ...] | None:
        """What a student's graphs must be; None: absent or stale."""
        return derived_files(self.root / model.name, model) if model.kind == "student" else ()

    def _first_path(self, models: Sequence[Model]) -> Path | None:
        return self.path(models[0].name) if models else None
