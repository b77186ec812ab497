"""Utterances from speech probabilities."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from asr.endpointing import HANGOVER_S, ONSET_PADDING_S, SOFT_MAXIMUM_S, Endpointer, UtteranceEnd, UtteranceStart
from streaming.audio import ASR_RATE_HZ

PIECE = 512
PIECE_S = PIECE / ASR_RATE_HZ

Events = list[UtteranceStart | UtteranceEnd]


def endpoints(probabilities: list[float]) -> Events:
    endpointer = Endpointer()
    events: Events = []
    for index, probability in enumerate(probabilities):
        events += endpointer.push(probability, start=index * PIECE, length=PIECE)
    return events + endpointer.flush()


def pieces(seconds: float, probability: float) -> list[float]:
    return [probability] * round(seconds / PIECE_S)


def test_silence_has_no_utterance() -> None:
    assert endpoints(pieces(5, 0.1)) == []


def test_a_click_is_no_utterance() -> None:
    assert endpoints([*pieces(1, 0.0), 0.9, 0.9, *pieces(1, 0.0)]) == []


def test_an_utterance_begins_before_its_onset() -> None:
    began = endpoints(pieces(1, 0.0) + pieces(1, 0.9))[0]
    assert began == UtteranceStart(31 * PIECE - int(ONSET_PADDING_S * ASR_RATE_HZ), 31 * PIECE)


def test_an_utterance_at_the_very_beginning_starts_at_zero() -> None:
    assert endpoints(pieces(1, 0.9))[0] == UtteranceStart(0, 0)


def test_a_short_pause_does_not_end_the_utterance() -> None:
    assert len(endpoints(pieces(1, 0.9) + pieces(0.4, 0.0) + pieces(1, 0.9))) == 2


def test_a_long_pause_ends_the_utterance_after_the_hangover() -> None:
    speech = pieces(1, 0.9)
    ended = endpoints(speech + pieces(2, 0.0))[1]
    assert isinstance(ended, UtteranceEnd)
    assert ended.speech_end == len(speech) * PIECE
    assert 0 <= (ended.end - ended.speech_end) / ASR_RATE_HZ - HANGOVER_S < PIECE_S


def test_a_weak_probability_holds_an_utterance_but_does_not_begin_one() -> None:
    weak = pieces(2, 0.4)
    assert endpoints(weak) == []
    assert len(endpoints(pieces(1, 0.9) + weak)) == 2


def test_an_overlong_utterance_ends_at_a_short_pause() -> None:
    events = endpoints(pieces(SOFT_MAXIMUM_S + 1, 0.9) + pieces(0.3, 0.0) + pieces(1, 0.9))
    assert [type(event) for event in events] == [UtteranceStart, UtteranceEnd, UtteranceStart, UtteranceEnd]


def test_padding_does_not_reach_into_the_utterance_before() -> None:
    events = endpoints(pieces(1, 0.9) + pieces(0.6, 0.0) + pieces(1, 0.9))
    ended, began = events[1], events[2]
    assert isinstance(ended, UtteranceEnd) and isinstance(began, UtteranceStart)
    assert began.start >= ended.end


def test_the_end_of_input_ends_the_utterance() -> None:
    assert endpoints(pieces(1, 0.9))[-1] == UtteranceEnd(end=31 * PIECE, speech_end=31 * PIECE)


@given(st.lists(st.floats(0, 1), max_size=300))
def test_starts_and_ends_alternate_and_never_overlap(probabilities: list[float]) -> None:
    position = 0
    for index, event in enumerate(endpoints(probabilities)):
        match event:
            case UtteranceStart():
                assert index % 2 == 0
                assert position <= event.start <= event.onset
                position = event.start
            case UtteranceEnd():
                assert index % 2 == 1
                assert position < event.speech_end <= event.end
                position = event.end
