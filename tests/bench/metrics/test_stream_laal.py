import pytest

from bench.metrics.resegmentation import Segment
from bench.metrics.stream_laal import stream_laal

REFERENCES = [Segment("a b", 0.0, 2.0), Segment("x y", 2.0, 2.0), Segment("c d", 4.0, 2.0)]


def test_it_is_the_mean_of_the_sentences_that_got_words() -> None:
    # First: (1 - 0), (2 - 1), so 1; third, from 4 s on: 5 - 4 = 1, then 9 - 4 - 1 = 4, so 2.5; the second is empty.
    assert stream_laal(["a", "b", "c", "d"], [1.0, 2.0, 5.0, 9.0], REFERENCES) == pytest.approx(1.75)


def test_no_words_are_refused() -> None:
    with pytest.raises(ValueError, match="no sentence"):
        stream_laal([], [], REFERENCES)
