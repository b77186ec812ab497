"""What tuning learns from: fluent sentences with the teacher's translations, as `mt.teacher` writes them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lesson:
    """A fluent source sentence, its translation by the teacher, and what was really said, where that is known."""

    corpus: str
    source: str
    target: str
    spoken: str = ""


def read_lessons(path: Path) -> list[Lesson]:
    """The lessons of a file, a line each, in tab-separated columns."""
    lines = path.read_text("utf-8").splitlines()
    return [Lesson(*line.split("\t")) for line in lines]
