"""Low speech is turned up, ordinary speech and what goes with it is left alone."""

from __future__ import annotations

import numpy as np
import pytest

from asr.level import LOW_DB, MOST_DB, LowLevelGain, lifted
from streaming.items import Samples
from tests.asr.sounds import noise, silence, vowel

CHUNK = 512


def at_db(level_db: float, chunks: int = 1) -> Samples:
    wave = noise(chunks * CHUNK / 16_000, level=1)
    return (wave / np.sqrt(np.mean(wave**2)) * 10 ** (level_db / 20)).astype(np.float32)


def gains_db(control: LowLevelGain, chunk: Samples, *, times: int, speech: bool) -> list[float]:
    """What each of so many equal chunks gets."""
    out = []
    for _ in range(times):
        out.append(10 * np.log10(np.mean(control.push(chunk) ** 2) / np.mean(chunk**2)))
        if speech:
            control.was_speech()
    return out


def test_ordinary_speech_is_the_same_to_the_bit() -> None:
    np.testing.assert_array_equal(lifted(vowel(0.5)), vowel(0.5))


def test_a_low_window_is_lifted_and_keeps_its_shape() -> None:
    low = vowel(0.5) * np.float32(0.001)
    ratio = lifted(low)[low != 0] / low[low != 0]
    assert np.ptp(ratio) < 1e-3
    assert 20 * np.log10(ratio[0]) == pytest.approx(MOST_DB, abs=0.01)


@pytest.mark.parametrize("samples", [silence(0), silence(0.001), silence(1)])
def test_silence_stays_silence(samples: Samples) -> None:
    np.testing.assert_array_equal(lifted(samples), samples)


def test_one_loud_place_keeps_a_window_as_it_is() -> None:
    window = np.concatenate((at_db(-60, 20), at_db(LOW_DB + 1), at_db(-60, 20)))
    np.testing.assert_array_equal(lifted(window), window)


def test_low_speech_is_lifted_from_its_first_chunk() -> None:
    assert gains_db(LowLevelGain(), at_db(-55), times=1, speech=False) == [pytest.approx(25, abs=0.1)]


def test_a_loud_sound_takes_the_gain_away_at_once_and_silence_never_gives_it_back() -> None:
    control = LowLevelGain()
    np.testing.assert_array_equal(control.push(at_db(-20)), at_db(-20))
    assert gains_db(control, at_db(-60), times=2000, speech=False) == [pytest.approx(0, abs=0.01)] * 2000


def test_a_speaker_who_moves_away_is_lifted_by_and_by() -> None:
    control = LowLevelGain()
    control.push(at_db(-20))
    gains = gains_db(control, at_db(-55), times=300, speech=True)
    assert gains[0] == pytest.approx(0, abs=0.01)
    assert gains == sorted(gains)
    assert gains[-1] == pytest.approx(25, abs=0.5)


def test_the_gain_is_bounded_and_never_clips() -> None:
    control = LowLevelGain()
    assert max(gains_db(control, at_db(-90), times=300, speech=True)) <= MOST_DB + 0.01
    for level_db in (-90, -60, -30, -15):
        assert np.max(np.abs(control.push(at_db(level_db)))) <= 1
