import pytest

from bench.metrics.filler_leak import filler_leak


def test_the_rate_is_the_share_of_sentences_with_a_filler() -> None:
    assert filler_leak(["Um, so we go.", "We go.", "Well, uh, fine, uh.", "Here."], "en") == 0.5


@pytest.mark.parametrize(
    "text", ["Hum, vamos.", "Vamos, é, amanhã.", "É... vamos.", "Ahn, sim.", "Um, eu acho.", "Hã, sim"]
)
def test_a_portuguese_filled_pause_counts(text: str) -> None:
    assert filler_leak([text], "pt") == 1


@pytest.mark.parametrize(
    "text", ["Isto é um livro.", "É bom.", "Um, dois, três.", "Ah, sim.", "A manhã é fria, e um dia"]
)
def test_portuguese_words_that_look_like_one_do_not(text: str) -> None:
    assert filler_leak([text], "pt") == 0


@pytest.mark.parametrize("text", ["Uh-huh.", "The umbrella is her own.", "To err is human."])
def test_english_words_that_look_like_one_do_not(text: str) -> None:
    assert filler_leak([text], "en") == 0


def test_no_sentence_leaks_nothing() -> None:
    assert filler_leak([], "en") == 0
