import pytest

from bench.metrics.word_error_rate import WordErrors, plain, word_errors


def test_each_kind_of_error_is_counted() -> None:
    # "so" too many, "hat" for "cat", "the" missing.
    assert word_errors("the cat sat on the mat today", "so the hat sat on mat today") == WordErrors(1, 1, 1, 7)


def test_case_and_punctuation_are_no_errors() -> None:
    assert word_errors("It's well-known, Ana.", "its well known ana") == WordErrors(0, 0, 0, 4)
    assert plain("Olá, você!") == "olá você"


def test_an_empty_side_is_all_deletions_or_insertions() -> None:
    assert word_errors("a b", "") == WordErrors(0, 2, 0, 2)
    assert word_errors("", "a b") == WordErrors(0, 0, 2, 0)


def test_rates_add_up_over_clips_by_words() -> None:
    assert (WordErrors(1, 0, 0, 2) + WordErrors(0, 1, 1, 10)).rate == pytest.approx(0.25)
