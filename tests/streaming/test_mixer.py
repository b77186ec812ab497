"""The mixer ducks the original under the translation."""

import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from streaming.mixer import Mixer

RATE_HZ = 1000


def test_the_original_is_untouched_where_nobody_translates() -> None:
    original = np.full(2 * RATE_HZ, 0.5, np.float32)
    np.testing.assert_array_equal(Mixer(RATE_HZ).mix(original, np.zeros_like(original)), original)


def test_the_original_is_turned_down_under_the_translation_and_comes_back() -> None:
    original = np.full(4 * RATE_HZ, 0.5, np.float32)
    speech = np.zeros_like(original)
    speech[RATE_HZ : 2 * RATE_HZ] = 0.1
    mixed = Mixer(RATE_HZ).mix(original, speech)
    assert np.isclose(mixed[1900], 0.1 + 0.2 * 0.5, atol=1e-3)
    assert np.isclose(mixed[-1], 0.5)
    assert np.abs(np.diff(mixed - speech)).max() < 0.01  # no click


@given(st.lists(st.integers(1, 400), min_size=1, max_size=8))
def test_any_blocking_gives_the_same_mix(sizes: list[int]) -> None:
    rng = np.random.default_rng(len(sizes))
    original = rng.uniform(-0.5, 0.5, sum(sizes)).astype(np.float32)
    speech = (rng.uniform(-0.5, 0.5, sum(sizes)) * (np.arange(sum(sizes)) % 300 < 100)).astype(np.float32)
    whole = Mixer(RATE_HZ).mix(original, speech)
    mixer, edges = Mixer(RATE_HZ), np.cumsum([0, *sizes])
    parts = [mixer.mix(original[a:b], speech[a:b]) for a, b in itertools.pairwise(edges)]
    np.testing.assert_allclose(np.concatenate(parts), whole, atol=1e-5)
