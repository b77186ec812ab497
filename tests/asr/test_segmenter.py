"""Utterances and their audio out of a stream, with the real voice activity detector."""

from __future__ import annotations

import functools

import numpy as np
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.endpointing import UtteranceEnd, UtteranceStart
from asr.segmenter import Segmenter, SegmenterEvent, UtteranceAudio
from asr.vad import CHUNK, VoiceActivityDetector, load_silero
from bench.degradation import lost_packets
from streaming.audio import ASR_RATE_HZ
from streaming.items import AudioChunk, Samples
from tests.asr.sounds import chunks, cut, hum, noise, silence, vowel

TWO_UTTERANCES = np.concatenate((silence(0.7), vowel(0.6), silence(0.9), vowel(0.2), silence(0.8))) + noise(
    3.2, level=0.001
)


@functools.cache
def silero() -> onnxruntime.InferenceSession:
    return load_silero()


def segment(stream: list[AudioChunk]) -> list[SegmenterEvent]:
    segmenter = Segmenter(VoiceActivityDetector(silero()))
    events = [event for chunk in stream for event in segmenter.push(chunk)]
    return events + segmenter.flush()


def boundaries(events: list[SegmenterEvent]) -> list[UtteranceStart | UtteranceEnd]:
    return [event for event in events if not isinstance(event, UtteranceAudio)]


def audio(events: list[SegmenterEvent]) -> Samples:
    pieces = [event.samples for event in events if isinstance(event, UtteranceAudio)]
    return np.concatenate([np.zeros(0, np.float32), *pieces])


@pytest.mark.parametrize(
    "sound", [silence(4), noise(4), noise(4, level=0.3), hum(4)], ids=["silence", "noise", "loud noise", "hum"]
)
def test_what_is_no_speech_makes_no_utterance(sound: Samples) -> None:
    assert segment(chunks(sound)) == []


def test_two_utterances_are_told_apart_even_where_one_is_a_blip() -> None:
    kinds = [type(event) for event in boundaries(segment(chunks(TWO_UTTERANCES)))]
    assert kinds == [UtteranceStart, UtteranceEnd, UtteranceStart, UtteranceEnd]


def test_the_audio_of_an_utterance_is_that_of_the_stream() -> None:
    position = None
    for event in segment(chunks(TWO_UTTERANCES)):
        match event:
            case UtteranceStart():
                position = event.start
            case UtteranceAudio():
                assert event.start == position
                position = event.start + len(event.samples)
                np.testing.assert_array_equal(event.samples, TWO_UTTERANCES[event.start : position])
            case UtteranceEnd():
                assert position == event.end


def test_an_utterance_cut_off_by_the_end_of_input_keeps_its_last_samples() -> None:
    events = segment(chunks(vowel(1.01)))
    assert len(audio(events)) == len(vowel(1.01))
    assert isinstance(events[-1], UtteranceEnd)


@settings(deadline=None, max_examples=20)
@given(st.lists(st.integers(0, 10**6), max_size=40))
def test_any_chunking_gives_the_same_endpointing(places: list[int]) -> None:
    events = segment(cut(TWO_UTTERANCES, places))
    whole = segment([AudioChunk(TWO_UTTERANCES, 0)])
    assert boundaries(events) == boundaries(whole)
    np.testing.assert_array_equal(audio(events), audio(whole))


def test_a_stream_that_begins_later_keeps_its_positions() -> None:
    moved = boundaries(segment(chunks(TWO_UTTERANCES, start=5000)))
    first, first_moved = boundaries(segment(chunks(TWO_UTTERANCES)))[0], moved[0]
    assert isinstance(first, UtteranceStart) and isinstance(first_moved, UtteranceStart)
    assert first_moved.start == first.start + 5000


def test_a_short_gap_becomes_silence() -> None:
    stream = chunks(vowel(1.5))
    lossy = stream[:30] + stream[32:]
    assert len(boundaries(segment(lossy))) == 2
    assert len(audio(segment(lossy))) == len(audio(segment(stream)))


def test_lost_packets_are_as_good_as_silent_ones() -> None:
    lost = lost_packets(len(TWO_UTTERANCES) // 320, 0.05, 2.0, np.random.default_rng(4))
    stream = list(zip(chunks(TWO_UTTERANCES), lost, strict=True))
    gaps = [chunk for chunk, gone in stream if not gone]
    silent = [AudioChunk(chunk.samples * (not gone), chunk.start) for chunk, gone in stream]
    assert sum(lost) and boundaries(segment(gaps)) == boundaries(segment(silent))
    np.testing.assert_array_equal(audio(segment(gaps)), audio(segment(silent)))


def test_a_long_gap_ends_the_utterance() -> None:
    late = chunks(vowel(1), start=3 * ASR_RATE_HZ)
    events = boundaries(segment(chunks(vowel(1)) + late))
    assert [type(event) for event in events] == [UtteranceStart, UtteranceEnd, UtteranceStart, UtteranceEnd]
    began = events[2]
    assert isinstance(began, UtteranceStart) and began.start >= 3 * ASR_RATE_HZ - CHUNK


def test_repeated_audio_is_left_out() -> None:
    stream = chunks(vowel(1))
    assert len(audio(segment([*stream[:20], stream[19], *stream[20:]]))) == len(audio(segment(stream)))
