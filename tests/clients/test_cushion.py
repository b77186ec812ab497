import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from clients.cushion import Cushion


def cushion() -> Cushion:
    """1 kHz: a sample is a millisecond; 100 ms to begin, 1 s at most."""
    return Cushion(1000, cushion_s=0.1, bound_s=1.0)


def ones(count: int) -> np.ndarray:
    return np.ones(count, np.float32)


def test_speech_waits_until_the_cushion_is_full():
    out = cushion()
    out.push(ones(60))
    assert not out.pull(20).any()
    out.push(ones(60))
    assert out.pull(20).all()


def test_a_piece_shorter_than_the_cushion_begins_after_its_time():
    out = cushion()
    out.push(ones(30))
    assert not np.concatenate([out.pull(20) for _ in range(5)]).any()
    assert np.count_nonzero(out.pull(40)) == 30


def test_after_a_pause_the_cushion_fills_again():
    out = cushion()
    out.push(ones(100))
    out.pull(100)
    out.push(ones(50))
    assert not out.pull(20).any()


def test_past_the_bound_the_oldest_speech_is_dropped_and_counted():
    out = cushion()
    for _ in range(4):
        out.push(ones(300))
    assert out.dropped == 300
    assert out.remaining_s <= 1.1


def test_an_empty_cushion_has_nothing_to_play():
    assert cushion().remaining_s == 0.0


@given(st.lists(st.integers(1, 200), min_size=1, max_size=5), st.integers(1, 80))
def test_every_sample_comes_out_once_and_in_order(sizes, block):
    out = cushion()
    said = np.arange(1, sum(sizes) + 1, dtype=np.float32)
    for piece in np.split(said, np.cumsum(sizes)[:-1]):
        out.push(piece)
    heard = np.concatenate([out.pull(block) for _ in range((len(said) + 200) // block + 2)])
    np.testing.assert_array_equal(heard[heard > 0], said)
