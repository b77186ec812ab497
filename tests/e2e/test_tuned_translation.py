"""What tuning is for, on the shipped models: disfluent speech, corrections, and terms, against the un-tuned student."""

from __future__ import annotations

import pytest

from bench import corrections, term_uses
from bench.disfluent_pairs import built_in_pairs
from bench.metrics.filler_leak import filler_leak
from bench.quality_command import find_weights
from bench.quality_suite import Direction, System, disfluent
from bench.text_wait_k import TextWaitK
from mt.terminology import Terminology
from mt.translator import Translator
from mt.wait_k import WaitK
from server.models import ModelStore, models_dir

pytestmark = pytest.mark.e2e
DIRECTIONS = [("en", "pt"), ("pt", "en")]


def _models(source: str, target: str) -> tuple[Translator, Translator]:
    store = ModelStore(models_dir())
    student, shipped = (Translator(find_weights(store, source, target, name)[0]) for name in ("student", "shipped"))
    return student, shipped


def _outputs(model: Translator, source: str, texts: list[str], terms: Terminology | None = None) -> list[str]:
    bench = TextWaitK(model, source, policy=model.policy, terms=terms, marks_end=model.marks_end)
    return [sentence.text for sentence in bench.run(texts, None).sentences]


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_the_student_is_the_untuned_model_and_the_shipped_one_is_tuned(source: str, target: str) -> None:
    student, shipped = _models(source, target)
    assert (student.name, student.marks_end) == (f"marian-{source}-{target}", False)
    assert (shipped.name, shipped.marks_end) == (f"waitk-{source}-{target}", True)


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_disfluent_speech_comes_out_nearer_to_what_was_meant(source: str, target: str) -> None:
    student, shipped = _models(source, target)
    systems = [System("student", student, WaitK()), System("tuned", shipped, shipped.policy, shipped.marks_end)]
    rows = disfluent(systems, Direction(source, target), built_in_pairs(source)[:50])
    found = {row["k"]: row for row in rows if row["system"] == "tuned"}
    assert found[3]["gap_closed"] > 0.3 and found["full"]["gap_closed"] > 0.3


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_corrections_are_kept_more_often_than_by_the_student(source: str, target: str) -> None:
    cases = corrections.built_in_corrections(source)
    texts = [case.spoken for case in cases]
    student, shipped = (corrections.outcome(cases, _outputs(m, source, texts)) for m in _models(source, target))
    assert shipped.right > student.right + 0.2


@pytest.mark.parametrize(("source", "target"), DIRECTIONS)
def test_terms_come_from_the_glossary(source: str, target: str) -> None:
    uses = term_uses.built_in_uses(source, target)[:60]
    terms = Terminology(term_uses.built_in_glossary(source, target))
    shipped = _models(source, target)[1]
    outputs = _outputs(shipped, source, [use.source for use in uses], terms)
    assert term_uses.outcome(uses, outputs).right > 0.85


def test_fillers_stay_out() -> None:
    shipped = _models("en", "pt")[1]
    assert filler_leak(_outputs(shipped, "en", [pair.spoken for pair in built_in_pairs("en")]), "pt") <= 0.02
