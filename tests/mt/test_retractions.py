"""Lessons for what is corrected after it was translated, from translations written by hand."""

from __future__ import annotations

import pytest

from mt.lessons import Lesson

pytest.importorskip("torch", reason="only training needs torch: pip install 'dragoman[train]'")

from mt.retractions import CORPUS, retraction, spoken_with_correction

MEANT = Lesson("toy", "We meet on Thursday.", "Nos encontramos na quinta-feira.")


def test_what_stands_ends_with_the_first_word_that_was_not_meant() -> None:
    said = "We meet on Tuesday, no, Thursday."
    lesson = retraction(MEANT, said, "Nos encontramos na terça-feira, não, quinta-feira.")
    assert lesson == Lesson(
        CORPUS, said, "Nos encontramos na terça-feira, não, quinta-feira.", written="Nos encontramos na terça-feira,"
    )


@pytest.mark.parametrize(
    "translated",
    [
        "Nos encontramos na quinta-feira.",
        "Nos encontramos na terça-feira, não.",
        "Nos encontramos na terça-feira sem espera quinta-feira.",
    ],
)
def test_a_translation_that_does_not_say_both_is_of_no_use(translated: str) -> None:
    assert retraction(MEANT, "We meet on Tuesday no wait Thursday.", translated) is None


def test_some_word_is_corrected_in_each_sentence() -> None:
    lessons = [Lesson("toy", f"We meet on Thursday in room {number} with Maria.", "...") for number in range(200)]
    spoken = spoken_with_correction(lessons, "en", 20)
    assert len(spoken) == 20
    assert all(len(said.split()) > len(lesson.source.split()) for lesson, said in spoken)
