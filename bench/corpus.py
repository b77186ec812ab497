"""A corpus: a manifest of clips (tab-separated, with a header), checked line by line."""

from __future__ import annotations

import csv
import math
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
class Segment:
    """One sentence of a clip; it has a transcript, a reference or both."""

    start_s: float
    end_s: float
    transcript: str = ""
    reference: str = ""


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
    segments: tuple[Segment, ...] = ()
    """its sentences in order; empty: their times are not known"""


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that can't be used."""

    line: int
    """1 is the header"""
    reason: str


def read_manifest(path: Path, language: str, *, bad: Literal["refuse", "skip"]) -> tuple[list[Clip], list[Problem]]:
    """The clips of one language, and the lines left out.

    Columns: path (from the manifest's folder or one above it) and lang; optional transcript, reference, type and
    segments (the path of a second table, found in the same way, that gives the sentences: see `_segments`).
    Raises BadInput for a manifest without these columns or without a usable clip, and with `refuse` for any bad line.
    """
    found: list[tuple[int, Clip]] = []
    problems: list[Problem] = []
    for line, row in _rows(path, {"path", "lang"}):
        if primary_or_none(row["lang"] or "") not in (language, None):
            continue
        try:
            found.append((line, _clip(path, row)))
        except BadInput as error:
            problems.append(Problem(line, error.reason))
    if any(clip.reference for _, clip in found):
        lacking = [line for line, clip in found if not clip.reference]
        problems += [Problem(line, "empty reference, where other lines have one") for line in lacking]
        problems.sort(key=lambda problem: problem.line)
        found = [(line, clip) for line, clip in found if clip.reference]
    clips: dict[str, Clip] = {}
    for line, clip in found:
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


def _rows(path: Path, needed: set[str]) -> Iterator[tuple[int, dict[str, str | None]]]:
    """(line, fields). A line with too few fields has None for those that it lacks."""
    try:
        file = path.open(encoding="utf-8-sig", newline="")  # spreadsheets put a byte order mark before the header
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error
    with file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        try:
            missing = needed - set(reader.fieldnames or ())
            if missing:
                raise BadInput(f"{path}:1: the header lacks the columns {', '.join(sorted(missing))}")
            for row in reader:
                yield reader.line_num, row
        except UnicodeDecodeError as error:
            raise BadInput(f"{path}:{reader.line_num + 1}: not UTF-8") from error


def _fields(row: dict[str, str | None]) -> dict[str, str]:
    """Raises BadInput where the line has more fields than the header, or fewer."""
    if None in row:  # csv's key for what goes beyond the header
        raise BadInput("more fields than the header has")
    fields = {column: value.strip() for column, value in row.items() if value is not None}
    if len(fields) < len(row):
        raise BadInput("fewer fields than the header has")
    return fields


def _clip(manifest: Path, row: dict[str, str | None]) -> Clip:
    fields = _fields(row)
    language = primary(fields["lang"])
    path = _found(manifest, fields["path"])
    seconds = _seconds(path)
    segments = _segments(_found(manifest, fields["segments"]), seconds) if fields.get("segments") else ()
    transcript = _cased(fields.get("transcript", "")) or " ".join(segment.transcript for segment in segments)
    reference = fields.get("reference", "") or " ".join(segment.reference for segment in segments)
    return Clip(
        path.stem, path, language, seconds, transcript.strip(), reference.strip(), fields.get("type", ""), segments
    )


def _segments(path: Path, seconds: float) -> tuple[Segment, ...]:
    """A clip's sentences: start, end (seconds), and transcript, reference or both, each for all lines or for none.

    Raises BadInput, with the line.
    """
    segments: list[Segment] = []
    for line, row in _rows(path, {"start", "end"}):
        try:
            segment = _segment(_fields(row))
            if segments and segment.start_s <= segments[-1].start_s:
                raise BadInput("times not rising: it starts no later than the line before")
            if segment.start_s >= seconds:
                raise BadInput(f"it starts after the recording's end at {seconds:.1f} s")
            for column in ("transcript", "reference"):
                if segments and bool(getattr(segment, column)) != bool(getattr(segments[0], column)):
                    raise BadInput(f"a {column} in some lines and none in others")
        except BadInput as error:
            raise BadInput(f"{path.name}:{line}: {error.reason}") from error
        segments.append(segment)
    if not segments:
        raise BadInput(f"{path.name} holds no segment")
    return tuple(segments)


def _segment(fields: dict[str, str]) -> Segment:
    try:
        start_s, end_s = float(fields["start"]), float(fields["end"])
    except ValueError as error:
        raise BadInput("start and end are not both numbers") from error
    if not 0 <= start_s < end_s < math.inf:
        raise BadInput(f"end before start, or no time: {fields['start']} to {fields['end']}")
    segment = Segment(start_s, end_s, _cased(fields.get("transcript", "")), fields.get("reference", ""))
    if not (segment.transcript or segment.reference):
        raise BadInput("neither transcript nor reference")
    return segment


def _cased(transcript: str) -> str:
    """Some corpora transcribe in capitals, which the translation model would take for names."""
    return transcript.capitalize() if transcript.isupper() else transcript


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
