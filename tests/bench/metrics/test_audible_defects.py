from __future__ import annotations

import numpy as np
import pytest

from bench.metrics.audible_defects import AudibleDefects, audible_defects
from streaming.items import Samples

RATE_HZ = 24_000


def vowel(seconds: float = 0.5, peak: float = 0.3) -> Samples:
    """A voice of 120 Hz: its harmonics up to 3 kHz, faded in and out."""
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    wave = sum(np.sin(2 * np.pi * 120 * n * at) / n for n in range(1, 26))
    fade = np.minimum(1, np.minimum(at, at[::-1]) / 0.01)
    return (peak * fade * wave / np.abs(wave).max()).astype(np.float32)


def padded(speech: Samples) -> Samples:
    silence = np.zeros(RATE_HZ // 10, np.float32)
    return np.concatenate([silence, speech, silence])


def test_a_faded_voice_between_silences_has_no_defect() -> None:
    assert audible_defects(padded(vowel()), RATE_HZ) == AudibleDefects()


@pytest.mark.parametrize("length", [0, 1, 2])
def test_hardly_any_sound_has_no_defect(length: int) -> None:
    assert audible_defects(np.zeros(length, np.float32), RATE_HZ) == AudibleDefects()


def test_samples_at_full_scale_are_counted() -> None:
    speech = vowel()
    speech[3000:3005] = [1.0, -1.0, 0.9995, 0.99, 1.0]
    assert audible_defects(speech, RATE_HZ).clipped == 4


def test_a_single_wrong_sample_is_a_click() -> None:
    quiet = vowel(peak=0.05)
    quiet[6000] += 0.4
    assert audible_defects(padded(quiet), RATE_HZ).clicks > 0


def test_a_lost_frame_is_cut_at_both_ends() -> None:
    speech = vowel()
    frame = RATE_HZ // 50
    begin = int(np.argmax(np.abs(speech[6000:6400]))) + 6001
    while abs(speech[begin + frame]) < 0.05:
        frame += 1
    speech[begin : begin + frame] = 0.0
    assert audible_defects(padded(speech), RATE_HZ).cuts == 2


def test_a_voice_that_begins_at_once_is_cut() -> None:
    assert audible_defects(padded(vowel()[2437:]), RATE_HZ).cuts == 1


def test_counts_add_up() -> None:
    assert AudibleDefects(1, 2, 3) + AudibleDefects(4, 5, 6) == AudibleDefects(5, 7, 9)
