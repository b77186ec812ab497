"""WSOLA: unchanged at 1.0, shorter in proportion, pitch kept, nothing lost, no clicks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples
from streaming.wsola import HOP, TOLERANCE, Wsola, most_similar
from tests.streaming.voices import heard_words, largest_jump, pitch_hz, vowel, words

SPEEDS = st.floats(1.0, 1.4)


def noise(count: int, seed: int = 0) -> Samples:
    return np.random.default_rng(seed).uniform(-0.5, 0.5, count).astype(np.float32)


def faster(samples: Samples, speed: float, block: int = 480) -> Samples:
    wsola = Wsola()
    blocks = [wsola.push(samples[at : at + block], speed) for at in range(0, len(samples), block)]
    return np.concatenate([*blocks, wsola.flush()])


@given(st.lists(st.integers(0, 1000), max_size=8))
def test_at_natural_speed_every_sample_comes_out_at_once_and_unchanged(sizes: list[int]) -> None:
    wsola = Wsola()
    for seed, size in enumerate(sizes):
        samples = noise(size, seed)
        np.testing.assert_array_equal(wsola.push(samples, 1.0), samples)
    assert wsola.held == 0


@pytest.mark.parametrize("speed", [1.05, 1.15, 1.25, 1.4])
@pytest.mark.parametrize("samples", [vowel(200, 1.5), vowel(83.3, 1.5), noise(36_000), np.zeros(36_000, np.float32)])
def test_the_output_is_shorter_in_proportion(samples: Samples, speed: float) -> None:
    assert len(faster(samples, speed)) == pytest.approx(len(samples) / speed, rel=0.02)


@pytest.mark.parametrize("speed", [1.05, 1.15, 1.25, 1.4])
@pytest.mark.parametrize("hertz", [90, 200, 311])
def test_the_pitch_is_kept(hertz: float, speed: float) -> None:
    assert pitch_hz(faster(vowel(hertz, 1.5), speed)) == pytest.approx(hertz, rel=0.01)


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=12), st.sampled_from([1.0, 1.07, 1.25, 1.4]))
def test_any_blocks_give_the_same_output(sizes: list[int], speed: float) -> None:
    samples = noise(sum(sizes))
    whole, in_blocks = Wsola(), Wsola()
    expected = np.concatenate([whole.push(samples, speed), whole.flush()])
    blocks = np.split(samples, np.cumsum(sizes)[:-1])
    heard = np.concatenate([*(in_blocks.push(block, speed) for block in blocks), in_blocks.flush()])
    np.testing.assert_array_equal(heard, expected)


@given(st.lists(SPEEDS, min_size=1, max_size=20), st.integers(0, 9))
def test_no_speed_nor_change_of_it_adds_a_click(speeds: list[float], seed: int) -> None:
    """A fade between two places adds to the jumps of the voice at most its steepest step times what divides them."""
    samples = noise(len(speeds) * 480, seed)
    smooth = np.convolve(samples, np.ones(24) / 24, "same").astype(np.float32)
    wsola = Wsola()
    heard = [wsola.push(smooth[480 * at : 480 * (at + 1)], speed) for at, speed in enumerate(speeds)]
    steepest = np.pi / 2 / HOP
    allowed = largest_jump(smooth) + steepest * 2 * np.abs(smooth).max()
    assert largest_jump(np.concatenate([*heard, wsola.flush()])) <= allowed + 1e-6


@pytest.mark.parametrize("before, after", [(1.0, 1.25), (1.25, 1.0), (1.1, 1.4)])
def test_the_speed_of_a_voice_changes_without_a_click(before: float, after: float) -> None:
    voice = vowel(123.4, 2.0)
    wsola = Wsola()
    heard = np.concatenate([wsola.push(voice[:20_000], before), wsola.push(voice[20_000:], after), wsola.flush()])
    assert largest_jump(heard) <= 1.05 * largest_jump(voice)


@given(st.lists(st.tuples(st.integers(0, 1500), SPEEDS), min_size=1, max_size=20))
def test_the_output_never_strays_from_its_pace(blocks: list[tuple[int, float]]) -> None:
    """After any block, what was read of the input differs from what the speed asks by the tolerance at most."""
    wsola, asked = Wsola(), 0.0
    for size, speed in blocks:
        held_before = wsola.held
        written = len(wsola.push(noise(size), speed))
        read = held_before + size - wsola.held
        asked += written * speed - read
        assert abs(asked) <= TOLERANCE + 1e-6


@given(st.lists(st.sampled_from([110.0, 150.0, 220.0, 300.0]), min_size=1, max_size=6), SPEEDS)
def test_every_word_is_still_there_in_its_order(pitches: list[float], speed: float) -> None:
    heard = heard_words(faster(words(pitches), speed))
    assert [pitch_hz(word) for word in heard] == pytest.approx(pitches, rel=0.05)


@pytest.mark.parametrize("size", [0, 1, HOP, 2 * HOP])
def test_what_is_too_short_to_search_in_comes_out_with_the_flush(size: int) -> None:
    np.testing.assert_array_equal(faster(noise(size), 1.25), noise(size))


def test_little_is_held_back() -> None:
    wsola = Wsola()
    held = []
    for _ in range(200):
        wsola.push(vowel(100, 0.005), 1.25)
        held.append(wsola.held)
    assert max(held) / SPEECH_RATE_HZ <= 0.038


def test_the_most_similar_place_is_found_whatever_its_loudness() -> None:
    region = noise(1000)
    assert most_similar(0.1 * region[321:801], region) == 321
