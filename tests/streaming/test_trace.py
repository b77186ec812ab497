"""Capture times: positions to clock, through pauses and bursts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.trace import CaptureLog


def test_a_steady_stream_maps_by_a_constant_offset() -> None:
    log = CaptureLog()
    for chunk in range(1, 101):
        log.push(chunk * 0.1, 50 + chunk * 0.1)
    assert log.captured_at(3.3) == pytest.approx(53.3)


def test_a_pause_of_the_client_is_not_our_delay() -> None:
    log = CaptureLog()
    log.push(5.0, 5.0)
    log.push(5.1, 65.1)  # a minute without audio
    assert log.captured_at(4.0) == pytest.approx(4.0)
    assert log.captured_at(5.05) == pytest.approx(65.05)


def test_a_position_beyond_what_came_is_the_newest() -> None:
    log = CaptureLog()
    log.push(2.0, 12.0)
    assert log.captured_at(2.3) == pytest.approx(12.0)


@given(st.lists(st.tuples(st.floats(0.02, 1), st.floats(0, 2)), min_size=1, max_size=50), st.floats(0, 1))
def test_nothing_is_captured_after_it_arrived(chunks: list[tuple[float, float]], share: float) -> None:
    log, end_s, at_s = CaptureLog(), 0.0, 0.0
    for duration_s, pause_s in chunks:
        end_s, at_s = end_s + duration_s, at_s + duration_s + pause_s
        log.push(end_s, at_s)
    assert log.captured_at(share * end_s) <= at_s + 1e-6
