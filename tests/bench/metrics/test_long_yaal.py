import pytest

from bench.metrics.long_yaal import long_yaal
from bench.metrics.resegmentation import Segment

REFERENCES = [Segment("a b", 0.0, 2.0), Segment("c d", 2.0, 2.0)]


def test_words_after_their_sentence_count_and_words_after_the_recording_do_not() -> None:
    # First: (3 - 0) and (3.5 - 1), so 2.75, both past its end at 2 s; second: 3.5 - 2 = 1.5, its last word at 4 is out.
    assert long_yaal(["a", "b", "c", "d"], [3.0, 3.5, 3.5, 4.0], REFERENCES, source_s=4.0) == pytest.approx(2.125)


def test_output_that_all_follows_the_recording_is_refused() -> None:
    with pytest.raises(ValueError, match="before the recording's end"):
        long_yaal(["a", "b"], [5.0, 6.0], REFERENCES, source_s=4.0)
