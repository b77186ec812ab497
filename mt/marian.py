"""Reads and writes the weights of a Marian student (Marian's binary format, version 1; Junczys-Dowmunt et al. 2018).

Layout, little-endian: uint64 version, uint64 count; per item four uint64 (name length, type, number of dimensions, data
length); all names (zero-terminated); all shapes (int32); a uint64 padding length and its padding; then the data.
An int8 item is its values followed by one float32 multiplier m, and stands for value / m (intgemm's
hardware-agnostic layout): `Wemb` row-major in its shape, every other matrix transposed.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from streaming.errors import BadInput, ModelMissing

Float32 = npt.NDArray[np.float32]

_VERSION = 1
_FLOAT32 = 0x404
_INT8 = 0x4101
_TEXT = 0x101
_MAX_ITEMS = 10_000
_SETTINGS = "special:model.yml"
_EMBEDDING = "Wemb"
_INT8_MAX = 127
_EXPECTED = {
    "type": "transformer",
    "dec-cell": "ssru",
    "transformer-decoder-autoreg": "rnn",
    "transformer-preprocess": '""',
    "transformer-postprocess": "dan",
    "transformer-ffn-activation": "relu",
    "tied-embeddings-all": "true",
}


@dataclass(frozen=True, slots=True)
class Architecture:
    """The hyper-parameters that shape the network."""

    dim: int
    heads: int
    ffn: int
    encoder_layers: int
    decoder_layers: int
    vocabulary: int

    @property
    def head_dim(self) -> int:
        return self.dim // self.heads


@dataclass(frozen=True, slots=True)
class Student:
    """Weights under Marian's names: matrices (in, out), biases and norms (1, n), `Wemb` (vocabulary, dim)."""

    architecture: Architecture
    arrays: dict[str, Float32]


@dataclass(frozen=True, slots=True)
class _Item:
    name: str
    type: int
    shape: tuple[int, ...]
    data: bytes


class _Reader:
    """Takes pieces off the front of the file's bytes and notices when they run out."""

    def __init__(self, data: bytes, path: Path) -> None:
        self._data = data
        self._path = path
        self._at = 0

    def take(self, size: int) -> bytes:
        if size > len(self._data) - self._at:
            raise BadInput(f"{self._path}: truncated, or not a Marian model (byte {self._at} of {len(self._data)})")
        piece = self._data[self._at : self._at + size]
        self._at += size
        return piece

    def unpack(self, layout: str) -> tuple[int, ...]:
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))


def read_student(path: Path) -> Student:
    """The float32 weights and the hyper-parameters in a `model.*.bin` file.

    Raises ModelMissing when there is no such file, BadInput when it isn't a whole file of this architecture.
    """
    if not path.is_file():
        raise ModelMissing(f"{path}: no such file")
    items = {item.name: item for item in _read_items(_Reader(path.read_bytes(), path), path)}
    if _SETTINGS not in items or _EMBEDDING not in items:
        raise BadInput(f"{path}: a Marian file without {_SETTINGS} or {_EMBEDDING}")
    settings = _parse_settings(items[_SETTINGS].data)
    arrays = {name: _to_array(item, path) for name, item in items.items() if _is_weight(item)}
    return Student(_architecture(settings, arrays, path), arrays)


def write_student(path: Path, student: Student) -> None:
    """Writes a file that `read_student` reads, whole or not at all: matrices in int8, biases and norms in float32.

    Weights that came from int8 go back unchanged; others are rounded to 1/127 of their matrix' largest.
    """
    shape = student.architecture
    sizes = {
        "dim-emb": shape.dim,
        "transformer-heads": shape.heads,
        "transformer-dim-ffn": shape.ffn,
        "enc-depth": shape.encoder_layers,
        "dec-depth": shape.decoder_layers,
    }
    settings = "".join(f"{key}: {value}\n" for key, value in (_EXPECTED | sizes).items()).encode() + b"\0"
    items = [_to_item(name, array) for name, array in sorted(student.arrays.items())]
    items.append(_Item(_SETTINGS, _TEXT, (len(settings),), settings))
    names = [item.name.encode() + b"\0" for item in items]
    parts = [struct.pack("<2Q", _VERSION, len(items))]
    for item, name in zip(items, names, strict=True):
        parts.append(struct.pack("<4Q", len(name), item.type, len(item.shape), len(item.data)))
    parts += names
    parts += [struct.pack(f"<{len(item.shape)}i", *item.shape) for item in items]
    parts.append(struct.pack("<Q", 0))
    parts += [item.data for item in items]
    unfinished = path.with_name(path.name + ".new")
    unfinished.write_bytes(b"".join(parts))
    unfinished.replace(path)


def _to_item(name: str, array: Float32) -> _Item:
    if min(array.shape) == 1:
        return _Item(name, _FLOAT32, array.shape, array.astype("<f4").tobytes())
    multiplier = np.float32(_INT8_MAX / np.abs(array).max())
    values = np.rint(array * multiplier).astype(np.int8)
    if name != _EMBEDDING:
        values = values.T
    return _Item(name, _INT8, array.shape, values.tobytes() + multiplier.astype("<f4").tobytes())


def _read_items(reader: _Reader, path: Path) -> list[_Item]:
    version, count = reader.unpack("2Q")
    if version != _VERSION or count > _MAX_ITEMS:
        raise BadInput(f"{path}: not a Marian binary model of version {_VERSION}")
    headers = [reader.unpack("4Q") for _ in range(count)]
    names = [reader.take(length)[:-1].decode("utf-8", "replace") for length, *_ in headers]
    shapes = [reader.unpack(f"{dimensions}i") for _, _, dimensions, _ in headers]
    (padding,) = reader.unpack("Q")
    reader.take(padding)
    return [
        _Item(name, kind, shape, reader.take(length))
        for name, shape, (_, kind, _, length) in zip(names, shapes, headers, strict=True)
    ]


def _is_weight(item: _Item) -> bool:
    """Not the settings' text, nor the activation scales (`*_QuantMultA`) of Marian's own integer arithmetic."""
    return item.type != _TEXT and not item.name.endswith("_QuantMultA")


def _to_array(item: _Item, path: Path) -> Float32:
    size = prod(item.shape)
    needed = {_FLOAT32: 4 * size, _INT8: size + 4}.get(item.type)
    if needed is None or min(item.shape, default=0) <= 0 or len(item.data) < needed:
        raise BadInput(f"{path}: {item.name} has type {item.type:#x}, shape {item.shape}, {len(item.data)} bytes")
    if item.type == _FLOAT32:
        return np.frombuffer(item.data, "<f4", count=size).reshape(item.shape).astype(np.float32)
    values = np.frombuffer(item.data, np.int8, count=size).astype(np.float32)
    values /= np.frombuffer(item.data, "<f4", count=1, offset=size)
    if item.name == _EMBEDDING:
        return values.reshape(item.shape)
    return np.ascontiguousarray(values.reshape(item.shape[::-1]).T)


def _parse_settings(data: bytes) -> dict[str, str]:
    """The scalar `key: value` lines of the YAML text; the few lists in it aren't needed."""
    lines = data.rstrip(b"\0").decode("utf-8", "replace").splitlines()
    pairs = (line.split(":", 1) for line in lines if ":" in line and not line.startswith((" ", "-")))
    return {key.strip(): value.strip() for key, value in pairs}


def _architecture(settings: dict[str, str], arrays: dict[str, Float32], path: Path) -> Architecture:
    for key, value in _EXPECTED.items():
        if settings.get(key) != value:
            raise BadInput(f"{path}: {key} is {settings.get(key)}, only students with {key} {value} are supported")
    try:
        return Architecture(
            dim=int(settings["dim-emb"]),
            heads=int(settings["transformer-heads"]),
            ffn=int(settings["transformer-dim-ffn"]),
            encoder_layers=int(settings["enc-depth"]),
            decoder_layers=int(settings["dec-depth"]),
            vocabulary=arrays[_EMBEDDING].shape[0],
        )
    except (KeyError, ValueError) as error:
        raise BadInput(f"{path}: hyper-parameter missing or not a number: {error}") from error
