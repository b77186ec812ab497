import pytest

from bench.metrics.laal import length_adaptive_average_lagging


def test_an_output_longer_than_its_reference_sets_the_ideal_pace() -> None:
    # Four words for two: a word a second is the pace, so each is one second behind.
    lag = length_adaptive_average_lagging([1.0, 2.0, 3.0, 4.0], source_s=4.0, reference_words=2)
    assert lag == pytest.approx(1.0)


def test_an_output_shorter_than_its_reference_is_held_to_the_reference() -> None:
    # Pace 1 s: (2 - 0) + (4 - 1) over two words.
    assert length_adaptive_average_lagging([2.0, 4.0], source_s=4.0, reference_words=4) == pytest.approx(2.5)
