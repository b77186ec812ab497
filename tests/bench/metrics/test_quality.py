import pytest

from bench.metrics.quality import bleu, chrf


def test_the_reference_itself_scores_100() -> None:
    text = ["the cat sat on the mat today"]
    assert bleu(text, text) == pytest.approx(100)
    assert chrf(text, text) == pytest.approx(100)


def test_a_missing_last_word_costs_the_brevity_penalty_only() -> None:
    # All n-grams are right, so BLEU is exp(1 - 8/7).
    assert bleu(["a b c d e f g"], ["a b c d e f g h"]) == pytest.approx(86.69, abs=0.01)
