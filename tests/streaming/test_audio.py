"""PCM at the edges."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.audio import StreamResampler, from_s16le, resample, to_s16le


@given(st.lists(st.integers(-32768, 32767), max_size=50))
def test_16_bit_samples_survive_the_round_trip(values: list[int]) -> None:
    data = np.array(values, "<i2").tobytes()
    assert to_s16le(from_s16le(data)) == data


def test_what_is_too_loud_is_clipped_not_wrapped() -> None:
    assert from_s16le(to_s16le(np.array([2.0, -2.0], np.float32))) == pytest.approx([1.0, -1.0], abs=1e-4)


def test_half_a_sample_is_refused() -> None:
    with pytest.raises(ValueError, match="buffer size"):
        from_s16le(b"\x00\x01\x02")


@given(st.lists(st.integers(1, 2000), min_size=1, max_size=10))
def test_any_chunking_is_resampled_alike(sizes: list[int]) -> None:
    signal = np.sin(np.arange(sum(sizes)) / 20).astype(np.float32)
    stream, edges = StreamResampler(16_000, 24_000), np.cumsum([0, *sizes])
    parts = [stream.push(signal[a:b]) for a, b in itertools.pairwise(edges)]
    np.testing.assert_allclose(np.concatenate([*parts, stream.flush()]), resample(signal, 16_000, 24_000), atol=1e-4)
