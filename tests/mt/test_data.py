"""How spoken and fluent words are aligned, and what a lexicon makes of parallel sentences."""

from __future__ import annotations

from random import Random

import numpy as np

from mt.data import align, word_end
from mt.lessons import Lesson
from mt.term_marks import MarkedLesson, TermMarks, lexicon


def test_a_lexicon_pairs_the_words_that_come_together() -> None:
    pairs = [(["red", "house"], ["casa", "vermelha"]), (["red", "car"], ["carro", "vermelho"]), (["house"], ["casa"])]
    found = lexicon(pairs * 10)
    assert found["house", "casa"] > 0.7 and found["house", "casa"] > found.get(("red", "casa"), 0)


def test_the_mark_stands_behind_the_whole_term_and_nowhere_else() -> None:
    marked = MarkedLesson("The data lake, not the lake.", ("data", "lake"), "lago de dados")
    text = marked.annotate(["the", "Data", "lake,", "not", "the", "lake."])
    assert text == "the Data lake, = lago de dados | not the lake."
    assert not marked.is_in(["the", "data", "uh", "lake"])


def test_a_lesson_whose_words_are_not_in_the_lexicon_has_no_term() -> None:
    lessons = [Lesson("toy", "One two.", "Um dois.")]
    assert TermMarks(lessons, lambda word: word).draw(lessons[0], Random(0)) is None


def test_spoken_words_count_the_fluent_ones_that_are_said_by_then() -> None:
    spoken = align(["we", "uh", "we", "meet", "on", "tuesday", "no", "thursday"], ["We", "meet", "on", "Thursday"])
    assert spoken.said[-1] == 4 and list(spoken.said) == sorted(spoken.said)
    assert spoken.said[5] == 3, "what is corrected later doesn't count"


def test_the_words_of_a_target_end_where_the_next_begins() -> None:
    class Vocabulary:
        starts_word = np.array([True, False])

    assert [word_end(Vocabulary(), [0, 1, 0, 0, 1], words) for words in range(4)] == [0, 2, 3, 5]
