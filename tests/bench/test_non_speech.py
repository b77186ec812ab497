"""Synthesised sounds without speech: seeded, bounded, at the levels that they are said to have."""

from __future__ import annotations

import numpy as np
import pytest

from bench.non_speech import KINDS, stream
from streaming.audio import ASR_RATE_HZ

SECONDS = 3.3


def test_there_are_at_least_eight_kinds() -> None:
    assert len(KINDS) >= 8


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_gives_the_same_sound_again_and_another_seed_another(kind: str) -> None:
    sound = stream(kind, SECONDS, 1)
    assert sound.shape == (round(SECONDS * ASR_RATE_HZ),)
    assert sound.dtype == np.float32
    assert np.isfinite(sound).all() and np.max(np.abs(sound)) <= 1
    np.testing.assert_array_equal(sound, stream(kind, SECONDS, 1))
    assert not np.array_equal(sound, stream(kind, SECONDS, 2))


@pytest.mark.parametrize("kind", KINDS)
def test_the_level_is_never_above_the_kinds_own(kind: str) -> None:
    _, (_, loudest_db) = KINDS[kind]
    assert 10 * np.log10(np.mean(stream(kind, 8.0, 3) ** 2)) <= loudest_db + 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_sound_has_a_root_mean_square_of_one(kind: str) -> None:
    sound, _ = KINDS[kind]
    wave = sound(3.0, np.random.default_rng(5))
    assert np.sqrt(np.mean(wave**2)) == pytest.approx(1.0, abs=0.05)


def test_no_sound_is_another() -> None:
    sounds = [stream(kind, 3.0, 1).tobytes() for kind in KINDS]
    assert len(set(sounds)) == len(KINDS)
