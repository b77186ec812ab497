from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from server.pace import Pace


def test_real_time_never_waits() -> None:
    pace = Pace(2.0)
    assert all(pace.push(0.1, now=0.1 * number) == 0.0 for number in range(1000))


def test_a_burst_of_two_seconds_is_let_through() -> None:
    pace = Pace(2.0)
    assert pace.push(2.0, now=5.0) == 0.0
    assert pace.push(1.0, now=5.0) == 0.5


@given(st.lists(st.floats(0.0, 1.0), max_size=50))
def test_a_client_that_waits_as_told_keeps_to_twice_real_time(chunks: list[float]) -> None:
    pace, at_s = Pace(2.0), 100.0
    for seconds in chunks:
        at_s += pace.push(seconds, now=at_s)
    assert sum(chunks) <= 2.0 * (at_s - 100.0) + 2.0 + 1e-6
