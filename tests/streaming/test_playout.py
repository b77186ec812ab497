"""Playout: order, pace, padding and the span it reports."""

import itertools

import anyio
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.audio import FRAME_MS, SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.items import Clause, ClausePlayed, Event, Speech, SpeechFrame
from streaming.playout import Playout, PlayoutStage
from streaming.trace import CaptureLog


def clause(index: int, *, source_end_s: float = 1.0, sentence_end: bool = False) -> Clause:
    return Clause(index, "pt", f"clause {index}", 0.0, source_end_s, 2.0, sentence_end)


def speech(index: int, samples: int, **rest: float) -> Speech:
    return Speech(clause(index, **rest), np.full(samples, (index + 1) / 100, np.float32))


def live_captures() -> CaptureLog:
    captures = CaptureLog()
    captures.push(100.0, 100.0)
    return captures


def play_all(playout: Playout) -> list[SpeechFrame | ClausePlayed]:
    events: list[SpeechFrame | ClausePlayed] = []
    at_s = 10.0
    while not playout.idle:
        events.extend(playout.pull(at_s))
        at_s += FRAME_MS / 1000
    return events


@given(st.lists(st.integers(1, 3 * SPEECH_FRAME), min_size=1, max_size=6))
def test_every_sample_is_played_once_and_in_order(lengths: list[int]) -> None:
    playout = Playout(live_captures())
    for index, length in enumerate(lengths):
        playout.push(speech(index, length))
    frames = [event for event in play_all(playout) if isinstance(event, SpeechFrame)]
    heard = np.concatenate([frame.samples for frame in frames])
    made = np.concatenate([np.full(length, (i + 1) / 100, np.float32) for i, length in enumerate(lengths)])
    np.testing.assert_array_equal(heard[heard != 0], made)
    assert all(len(frame.samples) == SPEECH_FRAME for frame in frames)


@given(st.lists(st.integers(1, 3 * SPEECH_FRAME), min_size=1, max_size=6))
def test_frames_never_overlap(lengths: list[int]) -> None:
    playout = Playout(live_captures())
    for index, length in enumerate(lengths):
        playout.push(speech(index, length))
    times = [event.at_s for event in play_all(playout) if isinstance(event, SpeechFrame)]
    assert all(later - earlier > 0.0199 for earlier, later in itertools.pairwise(times))


def test_the_span_is_measured_from_the_end_of_the_last_source_word() -> None:
    playout = Playout(live_captures())
    playout.push(speech(0, 10, source_end_s=7.5))
    played = next(event for event in playout.pull(10.0) if isinstance(event, ClausePlayed))
    assert played.ear_voice_span_s == pytest.approx(2.5)


def test_a_sentence_is_followed_by_a_longer_pause_than_a_clause() -> None:
    def silence_after(*, sentence_end: bool) -> int:
        playout = Playout(live_captures())
        playout.push(Speech(clause(0, sentence_end=sentence_end), np.ones(SPEECH_FRAME, np.float32)))
        playout.push(speech(1, 10))
        at_s = [10 + i * 0.02 for i in range(40)]
        return [bool(playout.pull(t)) for t in at_s].index(True, 1)

    assert silence_after(sentence_end=True) > silence_after(sentence_end=False)


def test_pauses_are_cut_when_the_budget_asks() -> None:
    playout = Playout(live_captures())
    playout.push(Speech(clause(0, sentence_end=True), np.ones(SPEECH_FRAME, np.float32)))
    playout.push(speech(1, 10))
    playout.pull(10.0, cut_pauses=True)
    assert playout.pull(10.02, cut_pauses=True)


def test_the_schedule_says_when_each_waiting_clause_begins() -> None:
    playout = Playout(live_captures())
    for index in range(3):
        playout.push(speech(index, SPEECH_RATE_HZ))
    playout.pull(10.0)
    (first, first_in_s), (second, second_in_s) = playout.schedule()
    assert (first.index, second.index) == (1, 2)
    assert first_in_s == pytest.approx(0.98)
    assert second_in_s == pytest.approx(1.98)


def test_the_stage_plays_at_real_pace_and_ends_with_its_input() -> None:
    async def main() -> list[tuple[float, Event]]:
        inbox: Channel = Channel("speech", 4, "wait")
        events: Channel[Event] = Channel("events", 1000, "wait")
        for index in range(3):
            await inbox.send(speech(index, SPEECH_RATE_HZ))
        inbox.close()
        await PlayoutStage(Playout(live_captures()), Knobs).run(inbox, events)
        assert now() == pytest.approx(3.12, abs=0.05)
        events.close()
        return [event async for event in events]

    events = run_virtual(main())
    assert sum(isinstance(event, ClausePlayed) for event in events) == 3
    assert sum(isinstance(event, SpeechFrame) for event in events) == 150


def test_little_speech_is_taken_ahead_of_its_time() -> None:
    async def main() -> int:
        inbox: Channel = Channel("speech", 100, "wait")
        events: Channel[Event] = Channel("events", 10_000, "wait")
        for index in range(20):
            await inbox.send(speech(index, SPEECH_RATE_HZ))
        playout = Playout(live_captures())
        async with anyio.create_task_group() as group:
            group.start_soon(PlayoutStage(playout, Knobs).run, inbox, events)
            await anyio.sleep(3.0)
            waiting = len(playout.schedule())
            group.cancel_scope.cancel()
        return waiting

    assert run_virtual(main()) <= 2
