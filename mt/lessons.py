"""What tuning learns from: fluent sentences with the teacher's translations, as `mt.teacher` writes them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Lesson:
    """A fluent source sentence, its translation by the teacher, and what was really said, where that is known.

    The target of a `written` lesson says more than its source means (see `mt.retractions`).
    """

    corpus: str
    source: str
    target: str
    spoken: str = ""
    written: str = ""
    """the beginning of the target that stands already and isn't to be learnt"""


def read_lessons(path: Path) -> list[Lesson]:
    """The lessons of a file, a line each, in tab-separated columns."""
    lines = path.read_text("utf-8").splitlines()
    return [Lesson(*line.split("\t")) for line in lines]


def write_lessons(path: Path, lessons: Iterable[Lesson]) -> None:
    """Adds them to the file."""
    with path.open("a", encoding="utf-8") as file:
        for lesson in lessons:
            file.write("\t".join(astuple(lesson)) + "\n")
