"""Self-corrections written by hand: does the translation keep what the speaker corrected it to, and only that?"""

from __future__ import annotations

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bench.built_in_texts import TEXTS


@dataclass(frozen=True, slots=True)
class Correction:
    """One utterance: "on Tuesday, no, Thursday" has a span of 1 and a gap of 2."""

    spoken: str
    fluent: str
    span: int
    """words that are corrected"""
    gap: int
    """words from the first of them to the correction: with a small k they have been translated by then"""
    kept: tuple[str, ...]
    """forms of the correction in the target language: one of them must be there"""
    gone: tuple[str, ...]
    """forms of what was corrected: none may be there"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Shares, 0 to 1, of a number of cases."""

    cases: int
    kept: float
    """the correction is in the translation"""
    right: float
    """it is, and what was corrected is not"""


def built_in_corrections(language: str) -> list[Correction]:
    """The cases whose source is in the language; none for a language without."""
    with (TEXTS / "corrections.tsv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if row["lang"] == language]
    return [
        Correction(
            row["spoken"],
            row["fluent"],
            int(row["span"]),
            int(row["gap"]),
            tuple(row["kept"].split("|")),
            tuple(row["gone"].split("|")),
        )
        for row in rows
    ]


def outcome(cases: Sequence[Correction], outputs: Sequence[str]) -> Outcome:
    kept = [any(occurs(form, output) for form in case.kept) for case, output in zip(cases, outputs, strict=True)]
    gone = [not any(occurs(form, output) for form in case.gone) for case, output in zip(cases, outputs, strict=True)]
    both = [a and b for a, b in zip(kept, gone, strict=True)]
    number = max(1, len(cases))
    return Outcome(len(cases), round(sum(kept) / number, 3), round(sum(both) / number, 3))


def outcome_by_gap(cases: Sequence[Correction], outputs: Sequence[str]) -> dict[int, Outcome]:
    """By the number of words between what is corrected and its correction."""
    by_gap: dict[int, Outcome] = {}
    for gap in sorted({case.gap for case in cases}):
        rows = [row for row, case in enumerate(cases) if case.gap == gap]
        by_gap[gap] = outcome([cases[row] for row in rows], [outputs[row] for row in rows])
    return by_gap


def occurs(form: str, text: str) -> bool:
    """Whether the words stand in the text, whatever their case: "quinta" is in "quinta-feira", "13" is in "13,000"."""
    return re.search(rf"(?<!\w){re.escape(form)}(?!\w)", text, re.IGNORECASE) is not None
