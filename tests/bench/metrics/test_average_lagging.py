import pytest

from bench.metrics.average_lagging import average_lagging


def test_a_word_each_second_one_second_behind_lags_one_second() -> None:
    assert average_lagging([1.0, 2.0, 3.0, 4.0], source_s=4.0, target_words=4) == pytest.approx(1.0)


def test_words_after_the_first_that_knows_the_whole_source_do_not_count() -> None:
    # (1 - 0) + (3 - 1) over two words; the third and fourth follow the source's end.
    assert average_lagging([1.0, 3.0, 9.0, 9.0], source_s=3.0, target_words=3) == pytest.approx(1.5)


def test_a_first_word_after_the_source_counts_as_its_own_delay() -> None:
    assert average_lagging([5.0, 6.0], source_s=4.0, target_words=2) == 5.0


def test_no_word_is_refused() -> None:
    with pytest.raises(ValueError, match="no word"):
        average_lagging([], source_s=4.0, target_words=2)
