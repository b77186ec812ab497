"""Speech probabilities of a stream."""

from __future__ import annotations

import functools

import numpy as np
import onnxruntime
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.vad import CHUNK, VoiceActivityDetector, load_silero
from streaming.items import Samples
from tests.asr.sounds import cut, noise, silence, vowel

STREAM = np.concatenate((silence(0.5), vowel(0.5), noise(0.5)))


@functools.cache
def silero() -> onnxruntime.InferenceSession:
    return load_silero()


def test_digital_silence_never_reaches_silero() -> None:
    detected = VoiceActivityDetector(silero()).push(silence(1))
    assert [probability for _, probability in detected] == [0.0] * (16000 // CHUNK)


def test_a_voice_is_heard() -> None:
    detected = VoiceActivityDetector(silero()).push(STREAM)
    assert max(probability for start, probability in detected if 8000 <= start < 16000) > 0.8


def test_too_little_audio_says_nothing() -> None:
    assert VoiceActivityDetector(silero()).push(silence(0.031)) == []


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 10**6), max_size=30))
def test_any_chunking_gives_the_same_probabilities(places: list[int]) -> None:
    whole = VoiceActivityDetector(silero()).push(STREAM)
    detector = VoiceActivityDetector(silero())
    assert [pair for chunk in cut(STREAM, places) for pair in detector.push(chunk.samples)] == whole


def test_a_voice_is_heard_as_long_at_a_very_low_level() -> None:
    def heard(samples: Samples) -> int:
        return sum(probability >= 0.5 for _, probability in VoiceActivityDetector(silero()).push(samples))

    voice = np.concatenate((silence(0.5), vowel(1.5), silence(0.5)))
    assert heard(voice * np.float32(0.003)) >= 0.9 * heard(voice)
