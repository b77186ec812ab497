"""The un-tuned student and the shipped model side by side: clean text, disfluent text, self-corrections, terms.

Lags are in source words as they were spoken, fillers among them. A gap is how far the un-tuned student falls from what
it makes of the fluent text to what it makes of the disfluent one; closed: the part of it that a model wins back.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench import corrections, term_uses
from bench.disfluent_pairs import Pair, written
from bench.metrics.average_lagging import average_lagging
from bench.metrics.filler_leak import filler_leak
from bench.metrics.quality import bleu
from bench.text_wait_k import TextRun, TextWaitK
from mt.stage import TranslationModel
from mt.terminology import Terminology
from mt.wait_k import WaitK

K: tuple[int | None, ...] = (3, 5, None)
CURVE_K = (1, 2, 3, 4, 5, 6, 8)


@dataclass(frozen=True, slots=True)
class System:
    """A model with its policy."""

    name: str
    model: TranslationModel
    policy: WaitK
    marks_end: bool = False
    """as in `mt.prefix_translation`"""

    def bench(self, language: str, terms: Terminology | None = None) -> TextWaitK:
        return TextWaitK(self.model, language, policy=self.policy, terms=terms, marks_end=self.marks_end)


@dataclass(frozen=True, slots=True)
class Direction:
    source: str
    target: str


def clean(
    systems: Sequence[System], direction: Direction, sources: Sequence[str], references: Sequence[str]
) -> list[dict[str, Any]]:
    """BLEU and lag at each k, and BLEU over that of the first system with the full sentence."""
    rows = _at_each_k(systems, direction, sources, references, K)
    whole = next(row["bleu"] for row in rows if row["k"] == "full")
    return [{**row, "of_full_student": round(row["bleu"] / whole, 3) if whole else None} for row in rows]


def meant(student: TranslationModel, direction: Direction, pairs: Sequence[Pair]) -> tuple[list[str], list[str]]:
    """What was said, and the student's full-sentence translation of what was meant, well written."""
    raw = TextWaitK(student, "", policy=WaitK())
    fluent = [written(pair.fluent, direction.source) for pair in pairs]
    return [pair.spoken for pair in pairs], _texts(raw.run(fluent, None))


def disfluent(systems: Sequence[System], direction: Direction, pairs: Sequence[Pair]) -> list[dict[str, Any]]:
    """As `clean`, with the share of the gap that is closed; the first system is the un-tuned student.

    Its own bounds are taken without any filter, every word counted: `as spoken` and `fluent`.
    """
    student = systems[0]
    fluent = [pair.fluent for pair in pairs]
    spoken, references = meant(student.model, direction, pairs)
    raw = TextWaitK(student.model, "", policy=student.policy)

    def row(name: str, run: TextRun, sources: Sequence[str], k: int | None) -> dict[str, Any]:
        outputs = _texts(run)
        return {
            "system": name,
            "k": k or "full",
            "bleu": round(bleu(outputs, references), 2),
            "al_words": _lag(run, sources, references),
            "filler_leak": round(filler_leak(outputs, direction.target), 4),
        }

    rows = []
    for k in K:
        low = row(f"{student.name}, as spoken", raw.run(spoken, k), spoken, k)
        high = row(f"{student.name}, fluent", raw.run(fluent, k), fluent, k)
        own = [row(system.name, system.bench(direction.source).run(spoken, k), spoken, k) for system in systems]
        gap = high["bleu"] - low["bleu"]
        won = [round((each["bleu"] - low["bleu"]) / gap, 3) if gap else None for each in own]
        rows += [low, high, *({**each, "gap_closed": part} for each, part in zip(own, won, strict=True))]
    return rows


def curve(
    systems: Sequence[System], direction: Direction, sources: Sequence[str], references: Sequence[str]
) -> list[dict[str, Any]]:
    """BLEU against lag over many k: at equal lag, which policy is better?"""
    return _at_each_k(systems, direction, sources, references, CURVE_K)


def corrected(systems: Sequence[System], direction: Direction) -> list[dict[str, Any]]:
    """Hand-written self-corrections, in all and by how long the speaker takes to correct himself."""
    cases = corrections.built_in_corrections(direction.source)
    rows = []
    for system in systems if cases else ():
        bench = system.bench(direction.source)
        for k in K:
            outputs = _texts(bench.run([case.spoken for case in cases], k))
            by_gap = {gap: asdict(found) for gap, found in corrections.outcome_by_gap(cases, outputs).items()}
            whole = asdict(corrections.outcome(cases, outputs))
            rows.append({"system": system.name, "k": k or "full", **whole, "by_gap": by_gap})
    return rows


def terms(
    systems: Sequence[System], direction: Direction, sources: Sequence[str], references: Sequence[str]
) -> list[dict[str, Any]]:
    """Hand-written uses with the glossary and without, and the BLEU of clean text with it."""
    uses = term_uses.built_in_uses(direction.source, direction.target)
    if not uses:
        return []
    terminology = Terminology(term_uses.built_in_glossary(direction.source, direction.target))
    rows = []
    for system in systems:
        for name, glossary in (("with", terminology), ("without", None)):
            bench = system.bench(direction.source, glossary)
            for k in K:
                found = term_uses.outcome(uses, _texts(bench.run([use.source for use in uses], k)))
                other = round(bleu(_texts(bench.run(sources, k)), references), 2)
                rows.append(
                    {"system": system.name, "glossary": name, "k": k or "full", **asdict(found), "clean_bleu": other}
                )
    return rows


def _at_each_k(
    systems: Sequence[System],
    direction: Direction,
    sources: Sequence[str],
    references: Sequence[str],
    ks: Sequence[int | None],
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for system in systems:
        bench = system.bench(direction.source)
        for k in ks:
            run = bench.run(sources, k)
            score, lag = round(bleu(_texts(run), references), 2), _lag(run, sources, references)
            rows.append({"system": system.name, "k": k or "full", "bleu": score, "al_words": lag})
    return rows


def _texts(run: TextRun) -> list[str]:
    return [sentence.text for sentence in run.sentences]


def _lag(run: TextRun, sources: Sequence[str], references: Sequence[str]) -> float:
    """Average lagging, in the mean of the sentences."""
    lags = [
        average_lagging(sentence.delays, source_s=len(source.split()), target_words=len(reference.split()))
        for source, reference, sentence in zip(sources, references, run.sentences, strict=True)
        if sentence.delays and reference
    ]
    return round(statistics.fmean(lags), 2)
