"""How spoken and fluent words are aligned, and what a lexicon makes of parallel sentences."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from mt.data import Curriculum, Mix, align, word_end
from mt.lessons import Lesson
from mt.term_copies import Copied, TermCopies, lexicon


def test_a_lexicon_pairs_the_words_that_come_together() -> None:
    pairs = [(["red", "house"], ["casa", "vermelha"]), (["red", "car"], ["carro", "vermelho"]), (["house"], ["casa"])]
    found = lexicon(pairs * 10)
    assert found["house", "casa"] > 0.7 and found["house", "casa"] > found.get(("red", "casa"), 0)


def test_a_term_is_replaced_wherever_it_is_whole_with_its_marks_and_capital() -> None:
    copied = Copied(Lesson("toy", "", ""), ("data", "lake"), "lago de dados", "en")
    text = copied.replace(["the", "Data", "lake,", "not", "the", "lake."])
    assert text == "the Lago de dados, not the lake."
    assert copied.is_in(["the", "data", "lake!"]) and not copied.is_in(["the", "data", "uh", "lake"])


def test_a_lesson_whose_words_are_not_in_the_lexicon_has_no_term() -> None:
    lessons = [Lesson("toy", "One two.", "Um dois.")]
    assert TermCopies(lessons, "en", lambda word: word).draw(lessons[0], Random(0)) is None


def test_spoken_words_count_the_fluent_ones_that_are_said_by_then() -> None:
    spoken = align(["we", "uh", "we", "meet", "on", "tuesday", "no", "thursday"], ["We", "meet", "on", "Thursday"])
    assert spoken.said[-1] == 4 and list(spoken.said) == sorted(spoken.said)
    assert spoken.said[5] == 3, "what is corrected later doesn't count"


def test_the_words_of_a_target_end_where_the_next_begins() -> None:
    class Vocabulary:
        starts_word = np.array([True, False])

    assert [word_end(Vocabulary(), [0, 1, 0, 0, 1], words) for words in range(4)] == [0, 2, 3, 5]


class Words:
    """One token a word: its number, of those seen so far."""

    starts_word = np.ones(1000, bool)

    def __init__(self) -> None:
        self.seen: list[str] = []

    def encode(self, text: str) -> list[int]:
        self.seen += [word for word in dict.fromkeys(text.split()) if word not in self.seen]
        return [self.seen.index(word) for word in text.split()]

    def decode(self, tokens: Sequence[int]) -> str:
        return " ".join(self.seen[token] for token in tokens)


def _curriculum(lesson: Lesson, words: Words, *, prefixes: float, clean: float = 1.0) -> Curriculum:
    mix = Mix(prefixes=prefixes, clean=clean, terms=0.0, joined=0.0, corrected=0.0)
    terms = TermCopies([lesson, lesson], "en", str)
    return Curriculum([lesson, lesson], words, "en", ratio=1.0, terms=terms, mix=mix)


def test_only_whole_sentences_end_in_a_mark() -> None:
    words, lesson = Words(), Lesson("toy", "we meet on Thursday in town", "nos vemos na quinta na cidade")
    wholes = [_curriculum(lesson, words, prefixes=0.0).draw(Random(seed)) for seed in range(5)]
    assert {words.decode(example.source) for example in wholes} == {"we meet on Thursday in town."}
    drawing, random = _curriculum(lesson, words, prefixes=1.0), Random(3)
    assert not any(words.decode(drawing.draw(random).source).endswith(".") for _ in range(20))


def test_what_is_written_already_stands_in_the_example() -> None:
    lesson = Lesson("toy", "on Monday, no, Friday.", "na segunda, não, sexta.", written="na segunda,")
    for prefixes in (0.0, 1.0):
        assert _curriculum(lesson, Words(), prefixes=prefixes).draw(Random(3)).stands == 2
