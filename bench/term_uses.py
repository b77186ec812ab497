"""Uses of a glossary's terms, and of words that only look like them: is the translation the glossary's?"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.built_in_texts import TEXTS
from bench.corrections import occurs
from streaming.glossary import Glossary, read_glossary


@dataclass(frozen=True, slots=True)
class TermUse:
    source: str
    accepted: tuple[str, ...]
    """forms of the term's translation, one of which must be there; none where the word isn't the term"""
    forbidden: tuple[str, ...]
    """forms that may not be there, where it isn't"""


@dataclass(frozen=True, slots=True)
class TermOutcome:
    """Shares, 0 to 1."""

    uses: int
    right: float
    """of the uses: a right form is in the translation"""
    lookalikes: int
    spared: float
    """of the words that only look like a term: not translated as one"""


def built_in_uses(source: str, target: str) -> list[TermUse]:
    """None for languages without."""
    path = TEXTS / f"terms.{source}-{target}.tsv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [TermUse(row["source"], _forms(row["accepted"]), _forms(row["forbidden"])) for row in rows]


def built_in_glossary(source: str, target: str) -> Glossary:
    path: Path = TEXTS / f"glossary.{source}-{target}.tsv"
    return read_glossary(path, source_language=source, target_language=target)


def outcome(uses: Sequence[TermUse], outputs: Sequence[str]) -> TermOutcome:
    right = [
        any(occurs(form, output) for form in use.accepted)
        for use, output in zip(uses, outputs, strict=True)
        if use.accepted
    ]
    spared = [
        not any(occurs(form, output) for form in use.forbidden)
        for use, output in zip(uses, outputs, strict=True)
        if not use.accepted
    ]
    return TermOutcome(len(right), _share(right), len(spared), _share(spared))


def _share(outcomes: Sequence[bool]) -> float:
    return round(sum(outcomes) / max(1, len(outcomes)), 3)


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|")) if cell else ()
