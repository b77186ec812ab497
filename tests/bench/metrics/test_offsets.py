import pytest

from bench.metrics.end_offset import end_offset
from bench.metrics.start_offset import start_offset


def test_the_start_offset_is_the_first_delay() -> None:
    assert start_offset([1.5, 2.0]) == 1.5


def test_the_end_offset_is_from_the_source_end_to_the_end_of_the_last_piece() -> None:
    assert end_offset([(1.0, 0.5), (4.0, 2.0)], source_s=5.0) == 1.0


def test_no_output_is_refused() -> None:
    with pytest.raises(ValueError):
        start_offset([])
    with pytest.raises(ValueError):
        end_offset([], source_s=5.0)
