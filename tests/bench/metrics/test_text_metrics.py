"""Errors and leaks on texts that can be counted by hand."""

from __future__ import annotations

import pytest

from bench.metrics.compute import compute_per_second
from bench.metrics.filler_leak import filler_leak
from bench.metrics.quality import bleu, chrf
from bench.metrics.word_error_rate import WordErrors, plain, word_errors


def test_each_kind_of_error_is_counted() -> None:
    assert word_errors("the cat sat down", "the hat sat") == WordErrors(1, 1, 0, 4)
    assert word_errors("sat", "it sat down") == WordErrors(0, 0, 2, 1)


def test_case_and_punctuation_are_no_errors() -> None:
    assert word_errors("Good morning, everyone!", "good morning everyone").rate == 0
    assert plain("Olá, João!") == "olá joão"


def test_empty_texts_are_counted_too() -> None:
    assert word_errors("one two", "") == WordErrors(0, 2, 0, 2)
    assert word_errors("", "one") == WordErrors(0, 0, 1, 0)


def test_errors_add_up() -> None:
    assert (WordErrors(1, 0, 0, 4) + WordErrors(0, 1, 0, 4)).rate == 0.25


def test_the_same_text_has_full_marks() -> None:
    text = ["the cat sat on the mat today"]
    assert bleu(text, text) == pytest.approx(100)
    assert chrf(text, text) == pytest.approx(100)


def test_fillers_that_came_through_are_counted_by_the_sentence() -> None:
    assert filler_leak(["Uh, we go.", "We go."], "en") == 0.5
    assert filler_leak(["Nós, hum, vamos.", "Vamos, é, amanhã.", "Isso é um carro.", "Vamos."], "pt") == 0.5


def test_compute_is_given_for_each_second_of_audio() -> None:
    assert compute_per_second({"asr": 2.0, "mt": 1.0}, 10.0) == {"asr": 0.2, "mt": 0.1, "all": pytest.approx(0.3)}
