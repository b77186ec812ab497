import random

import pytest

from bench.metrics.resegmentation import Segment, resegment, sentence_delays
from bench.metrics.word_error_rate import word_errors


def cuts_of(output: str, references: list[str]) -> list[tuple[int, int]]:
    return resegment(output.split(), references)


def test_words_go_to_the_sentence_they_are_in() -> None:
    assert cuts_of("we go home now you stay", ["We go home.", "Now you stay!"]) == [(0, 3), (3, 6)]


def test_a_wrong_and_a_missing_word_do_not_shift_the_cut() -> None:
    assert cuts_of("we went home you stay", ["we go home", "now you stay"]) == [(0, 3), (3, 5)]


def test_surplus_words_between_sentences_belong_to_the_earlier_one() -> None:
    assert cuts_of("a b x y c d", ["a b", "c d"]) == [(0, 4), (4, 6)]


def test_a_sentence_without_an_answer_gets_no_words() -> None:
    assert cuts_of("a b e f", ["a b", "c d", "e f"]) == [(0, 2), (2, 2), (2, 4)]
    assert resegment([], ["a b", "c"]) == [(0, 0), (0, 0)]


def test_the_cut_has_the_least_edit_distance_of_all() -> None:
    draw = random.Random(7)
    for _ in range(50):
        words = [draw.choice("abc") for _ in range(7)]
        references = [" ".join(draw.choices("abc", k=draw.randint(1, 4))) for _ in range(2)]
        (_, cut), _ = resegment(words, references)

        def cost(at: int, words: list[str] = words, references: list[str] = references) -> int:
            halves = zip(references, (words[:at], words[at:]), strict=True)
            errors = [word_errors(reference, " ".join(half)) for reference, half in halves]
            return sum(error.substitutions + error.deletions + error.insertions for error in errors)

        assert cost(cut) == min(map(cost, range(len(words) + 1)))


def test_thousands_of_words_are_cut() -> None:
    draw = random.Random(3)
    sentences = [[str(draw.randrange(500)) for _ in range(15)] for _ in range(200)]
    cuts = resegment(
        [word for sentence in sentences for word in sentence], [" ".join(sentence) for sentence in sentences]
    )
    assert cuts == [(at * 15, at * 15 + 15) for at in range(200)]


def test_delays_are_from_the_start_of_the_sentence() -> None:
    references = [Segment("a b", 0.0, 2.0), Segment("c", 2.0, 1.0)]
    assert sentence_delays(["a", "b", "c"], [1.0, 2.0, 3.5], references) == [[1.0, 2.0], [1.5]]


def test_a_word_without_a_delay_is_refused() -> None:
    with pytest.raises(ValueError, match="2 words have 1 delays"):
        sentence_delays(["a", "b"], [1.0], [Segment("a b", 0.0, 2.0)])
