from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.jitter_buffer import OVERTAKEN_BY, JitterBuffer

FRAME_MS = 20.0


def left(sequences: list[int]) -> list[int]:
    buffer: JitterBuffer[int] = JitterBuffer()
    return [item for sequence in sequences for item in buffer.push(sequence % 65_536, sequence)]


def test_packets_in_order_leave_at_once() -> None:
    buffer: JitterBuffer[str] = JitterBuffer()
    assert [buffer.push(7, "a"), buffer.push(8, "b")] == [["a"], ["b"]]
    assert not len(buffer)


def test_packets_that_swapped_places_are_put_in_order() -> None:
    assert left([1, 3, 4, 2, 6, 5]) == [1, 2, 3, 4, 5, 6]


def test_a_missing_packet_is_waited_for_until_too_many_have_overtaken_it() -> None:
    buffer: JitterBuffer[int] = JitterBuffer()
    buffer.push(10, 10)
    assert [buffer.push(each, each) for each in (12, 13, 14)] == [[], [], []]
    assert buffer.push(15, 15) == [12, 13, 14, 15]
    assert buffer.lost == 1


def test_what_comes_when_it_was_already_lost_is_refused() -> None:
    buffer: JitterBuffer[int] = JitterBuffer()
    for each in (1, 3, 4, 5, 6):
        buffer.push(each, each)
    assert buffer.push(2, 2) == []
    assert (buffer.lost, buffer.refused) == (1, 1)


def test_duplicates_leave_once_whether_they_still_wait_or_left() -> None:
    assert left([1, 1, 3, 3, 2, 2, 4]) == [1, 2, 3, 4]


def test_a_hole_as_long_as_the_network_was_away_holds_up_no_more_than_a_short_one() -> None:
    assert left([1, 2, *range(1500, 1500 + OVERTAKEN_BY)]) == [1, 2, *range(1500, 1500 + OVERTAKEN_BY)]


def test_the_sequence_numbers_wrap_around() -> None:
    assert left([65_534, 65_536, 65_535, 65_537, 65_539, 65_538]) == list(range(65_534, 65_540))


def test_a_loss_just_before_the_wrap_is_a_loss() -> None:
    assert left([65_534, *range(65_536, 65_542)]) == [65_534, *range(65_536, 65_542)]


@pytest.mark.parametrize("start", [40_000, 500])
def test_a_sender_that_begins_anew_is_followed_from_its_second_packet(start: int) -> None:
    before = [20_000, 20_001, 20_003]
    assert left([*before, start, start + 1, start + 2]) == [*before, start + 1, start + 2]


def test_a_stray_packet_of_another_run_changes_nothing() -> None:
    assert left([20_000, 40_000, 20_001, 40_001, 20_002]) == [20_000, 20_001, 20_002]


def test_what_waits_is_flushed_in_order_across_the_wrap() -> None:
    buffer: JitterBuffer[int] = JitterBuffer()
    buffer.push(65_533, -1)
    for sequence, item in ((0, 2), (65_535, 1)):
        buffer.push(sequence, item)
    assert buffer.flush() == [1, 2]
    assert buffer.push(9, 9) == [9]


@given(st.lists(st.integers(0, 65_535), max_size=200))
def test_whatever_comes_no_more_wait_than_may_overtake_one(sequences: list[int]) -> None:
    buffer: JitterBuffer[int] = JitterBuffer()
    for sequence in sequences:
        buffer.push(sequence, sequence)
        assert len(buffer) < OVERTAKEN_BY


@given(st.integers(0, 65_535), st.lists(st.tuples(st.integers(0, 60), st.booleans()), max_size=120))
def test_up_to_60_ms_of_jitter_nothing_that_came_is_lost_or_out_of_order(
    start: int, fates: list[tuple[int, bool]]
) -> None:
    """Except before the first, since nobody knows that it is not the first."""
    arrivals = sorted((FRAME_MS * number + jitter_ms, number) for number, (jitter_ms, came) in enumerate(fates) if came)
    buffer: JitterBuffer[int] = JitterBuffer()
    out = [item for _, number in arrivals for item in buffer.push((start + number) % 65_536, number)]
    first = arrivals[0][1] if arrivals else 0
    assert out + buffer.flush() == sorted(number for _, number in arrivals if number >= first)


def one_minute(*, seed: int, loss: float, burst: int, jitter_ms: float) -> list[tuple[float, int]]:
    """(arrival in ms, number) of a minute's packets; losses come in bursts of so many, from a fixed seed."""
    chance = random.Random(seed)
    lost = {number + each for number in range(3000) if chance.random() < loss / burst for each in range(burst)}
    sent = (number for number in range(3000) if number not in lost or number == 0)
    return sorted((FRAME_MS * number + chance.uniform(0, jitter_ms) * (number > 0), number) for number in sent)


@pytest.mark.parametrize(("loss", "burst", "jitter_ms"), [(0.05, 1, 0.0), (0.05, 1, 60.0), (0.05, 8, 60.0)])
def test_after_a_minute_of_losses_no_delay_remains(loss: float, burst: int, jitter_ms: float) -> None:
    buffer: JitterBuffer[int] = JitterBuffer()
    arrivals = one_minute(seed=5, loss=loss, burst=burst, jitter_ms=jitter_ms)
    arrived_ms = {number: at_ms for at_ms, number in arrivals}
    held_ms = {
        item: at_ms - arrived_ms[item]
        for at_ms, number in arrivals
        for item in buffer.push(60_000 + number & 0xFFFF, number)
    }
    delays_ms = list(held_ms.values())
    assert list(held_ms) == sorted(held_ms)
    assert len(held_ms) + len(buffer) == len(arrivals)
    assert max(delays_ms) <= (OVERTAKEN_BY + 2 * burst) * FRAME_MS + jitter_ms  # as what overtakes may be lost too
    assert sum(delays_ms[-500:]) / 500 < 40
    assert sum(delays_ms[:500]) / 500 == pytest.approx(sum(delays_ms[-500:]) / 500, abs=10)  # it doesn't grow
