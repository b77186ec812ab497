"""Which lessons of one direction give sources to the other."""

from __future__ import annotations

import pytest

from mt.lessons import Lesson

pytest.importorskip("torch", reason="only training needs torch: pip install 'dragoman[train]'")

from mt.teacher import turned_round


def test_translations_become_sources_but_not_those_that_have_been_or_that_say_too_much() -> None:
    lessons = [
        Lesson("ud_ewt", "We meet.", "Nós nos encontramos."),
        Lesson("tatoeba", "Yes.", "Sim."),
        Lesson("ud-en", "It rains.", "Chove."),
        Lesson("retracted", "on Monday, no, Friday", "na segunda, não, sexta", written="na segunda,"),
        Lesson("qmsum", "Hm.", ""),
    ]
    turned = turned_round(lessons, "pt")
    assert [(each.corpus, each.language, each.fluent) for each in turned] == [
        ("ud_ewt-pt", "pt", "Nós nos encontramos.")
    ]
