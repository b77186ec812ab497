"""A corpus: a manifest of clips (tab-separated, with a header), checked line by line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import soundfile

from streaming.errors import BadInput
from streaming.language import primary

LEAST_RATE_HZ = 8000
"""telephone quality; below it there is no speech to recognise"""


@dataclass(frozen=True, slots=True)
class Clip:
    """One line of the manifest."""

    name: str
    """unique in its corpus: the file's stem"""
    path: Path
    language: str
    """primary, such as `en`"""
    seconds: float
    transcript: str = ""
    """empty: there is none"""
    reference: str = ""
    """the translation; empty: there is none"""
    kind: str = ""
    """the manifest's `type` column"""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that can't be used."""

    line: int
    """1 is the header"""
    reason: str


def read_manifest(path: Path, language: str, *, bad: Literal["refuse", "skip"]) -> tuple[list[Clip], list[Problem]]:
    """The clips of one language, and the lines left out.

    Columns: path (from the manifest's folder or one above it) and lang; optional transcript, reference and type.
    Raises BadInput for a manifest without these columns or without a usable clip, and with `refuse` for any bad line.
    """
    rows = list(_rows(path))
    ours = [(line, row) for line, row in rows if primary_or_none(row["lang"]) in (language, None)]
    with_references = any(row.get("reference", "").strip() for _, row in ours)
    clips: dict[str, Clip] = {}
    problems: list[Problem] = []
    for line, row in ours:
        try:
            clip = _clip(path, row, with_references=with_references)
        except BadInput as error:
            problems.append(Problem(line, error.reason))
            continue
        name = clip.name
        while name in clips:
            name = f"{name}-{line}"
        clips[name] = replace(clip, name=name)
    if problems and bad == "refuse":
        listed = "\n".join(f"{path.name}:{problem.line}: {problem.reason}" for problem in problems)
        raise BadInput(f"{len(problems)} bad lines (--bad skip leaves them out):\n{listed}")
    if not clips:
        raise BadInput(f"{path}: no clip in {language} that can be used")
    return list(clips.values()), problems


def primary_or_none(tag: str) -> str | None:
    """None for what is no language tag: such a line is a problem whatever language is asked for."""
    try:
        return primary(tag)
    except BadInput:
        return None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, fields). Missing fields at a line's end are empty, as spreadsheets write them."""
    try:
        file = path.open(encoding="utf-8-sig", newline="")  # spreadsheets put a byte order mark before the header
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error
    with file:
        reader = csv.DictReader(file, delimiter="\t", restval="", quoting=csv.QUOTE_NONE)
        try:
            missing = {"path", "lang"} - set(reader.fieldnames or ())
            if missing:
                raise BadInput(f"{path}:1: the header lacks the columns {', '.join(sorted(missing))}")
            for row in reader:
                yield reader.line_num, row
        except UnicodeDecodeError as error:
            raise BadInput(f"{path}:{reader.line_num + 1}: not UTF-8") from error


def _clip(manifest: Path, row: dict[str, str], *, with_references: bool) -> Clip:
    if None in row:  # csv's key for what goes beyond the header
        raise BadInput("more fields than the header has")
    language = primary(row["lang"])
    path = _found(manifest, row["path"])
    reference = row.get("reference", "").strip()
    if with_references and not reference:
        raise BadInput("empty reference, where other lines have one")
    transcript = row.get("transcript", "").strip()
    # Some corpora transcribe in capitals, which the translation model would take for names.
    transcript = transcript.capitalize() if transcript.isupper() else transcript
    return Clip(path.stem, path, language, _seconds(path), transcript, reference, row.get("type", ""))


def _found(manifest: Path, name: str) -> Path:
    for folder in manifest.resolve().parents:
        if (folder / name).is_file():
            return folder / name
    raise BadInput(f"missing file: {name!r} is neither beside the manifest nor above it")


def _seconds(path: Path) -> float:
    try:
        info = soundfile.info(path)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadInput(f"{path.name} can't be read as audio") from error
    if info.samplerate < LEAST_RATE_HZ:
        raise BadInput(f"wrong rate: {path.name} has {info.samplerate} Hz, at least {LEAST_RATE_HZ} are needed")
    if info.frames == 0:
        raise BadInput(f"{path.name} holds no audio")
    return info.frames / info.samplerate
