"""Recognises a model on disk by its files: a faster-whisper folder, a Piper voice or a Marian student."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from server.model_catalogue import Kind
from streaming.errors import BadInput

_WHISPER_NEEDS = ("model.bin", "config.json", "tokenizer.json")
_WHISPER_MAY_HAVE = ("vocabulary.json", "vocabulary.txt", "preprocessor_config.json")


@dataclass(frozen=True, slots=True)
class LocalModel:
    """What was found."""

    kind: Kind
    files: tuple[Path, ...]
    language: str = ""
    """what a Piper voice says of itself"""


def recognize(path: Path) -> LocalModel:
    """The model at `path`, a folder or a Piper voice's .onnx. Raises BadInput when it is none, or not all of one."""
    if not path.exists():
        raise BadInput(f"there is nothing at {path}")
    if path.suffix == ".onnx" or any(path.glob("*.onnx.json")):
        return _piper_voice(path)
    if any(path.glob("*.spm")):
        return _student(path)
    if (path / "model.bin").is_file():
        return _whisper(path)
    raise BadInput(
        f"{path} is none of: a faster-whisper folder (model.bin, tokenizer.json), a Piper voice (.onnx and .onnx.json),"
        " a Marian student (model*.bin, vocab*.spm)"
    )


def _piper_voice(path: Path) -> LocalModel:
    voice = path if path.suffix == ".onnx" else _only(path, "*.onnx")
    config = voice.with_name(voice.name + ".json")
    _need(voice, config)
    try:
        described = json.loads(config.read_text("utf-8"))
        language = described.get("language", {}).get("code", "") or described["espeak"]["voice"]
        _ = described["audio"]["sample_rate"], described["phoneme_id_map"]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BadInput(f"{config} does not describe a Piper voice ({type(error).__name__}: {error})") from error
    return LocalModel("piper", (voice, config), language.replace("_", "-"))


def _student(path: Path) -> LocalModel:
    return LocalModel("student", (_only(path, "model*.bin"), _only(path, "vocab*.spm")))


def _whisper(path: Path) -> LocalModel:
    needed = [path / name for name in _WHISPER_NEEDS]
    _need(*needed)
    others = [path / name for name in _WHISPER_MAY_HAVE if (path / name).is_file()]
    if not any(other.name.startswith("vocabulary.") for other in others):
        raise BadInput(f"{path} has no vocabulary.json or vocabulary.txt")
    return LocalModel("whisper", (*needed, *others))


def _only(folder: Path, pattern: str) -> Path:
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise BadInput(f"{folder} has {len(found)} files called {pattern}; one is needed")
    return found[0]


def _need(*paths: Path) -> None:
    for path in paths:
        if not path.is_file():
            raise BadInput(f"{path} is missing")
