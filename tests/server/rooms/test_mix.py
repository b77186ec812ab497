from __future__ import annotations

import numpy as np

from server.rooms.mix import Mix
from server.rooms.roster import MixKey
from streaming.audio import SPEECH_FRAME
from streaming.items import Samples

FRAMES = 60
"""Long enough for ducking to settle."""


def level(value: float) -> Samples:
    return np.full(SPEECH_FRAME, value, np.float32)


def settled(key: MixKey, originals: dict[str, Samples], voices: dict[tuple[str, str], Samples]) -> float:
    mix = Mix(key)
    for _ in range(FRAMES):
        out = mix.mix(originals, voices)
    return round(float(out[-1]), 3)


def test_who_speaks_the_listeners_language_is_heard_as_they_are() -> None:
    assert settled(MixKey("pt", 0.2, None), {"ana": level(0.3)}, {("ana", "en"): level(0.5)}) == 0.3


def test_a_translation_is_heard_over_its_ducked_original() -> None:
    assert settled(MixKey("en", 0.2, None), {"ana": level(0.3)}, {("ana", "en"): level(0.5)}) == 0.56


def test_the_original_is_heard_while_the_translation_is_silent() -> None:
    assert settled(MixKey("en", 0.2, None), {"ana": level(0.3)}, {("ana", "en"): level(0.0)}) == 0.3


def test_an_original_that_is_off_is_never_heard() -> None:
    assert settled(MixKey("en", 0.0, None), {"ana": level(0.3)}, {("ana", "en"): level(0.0)}) == 0.0


def test_another_speakers_original_is_ducked_under_the_translation_too() -> None:
    originals = {"ana": level(0.0), "bia": level(0.3)}
    voices = {("ana", "en"): level(0.5), ("bia", "en"): level(0.0)}
    assert settled(MixKey("en", 0.2, None), originals, voices) == 0.56


def test_nobody_hears_themselves() -> None:
    voices = {("ana", "en"): level(0.5)}
    assert settled(MixKey("en", 0.2, "ana"), {"ana": level(0.3)}, voices) == 0.0


def test_who_hears_nothing_gets_silence() -> None:
    assert settled(MixKey(None, 0.2, None), {"ana": level(0.3)}, {("ana", "en"): level(0.5)}) == 0.0


def test_who_has_left_is_heard_to_the_end_of_their_translation() -> None:
    assert settled(MixKey("en", 0.2, None), {}, {("ana", "en"): level(0.5)}) == 0.5


def test_loud_voices_together_stay_in_range_and_in_order() -> None:
    ramp = np.linspace(-1, 1, SPEECH_FRAME).astype(np.float32)
    out = Mix(MixKey("pt", 0.2, None)).mix({"ana": ramp, "bia": ramp}, {})
    assert np.all(np.abs(out) < 1)
    assert np.all(np.diff(out) >= 0)
    quiet = np.abs(ramp) < 0.4
    np.testing.assert_allclose(out[quiet], 2 * ramp[quiet], atol=1e-6)
