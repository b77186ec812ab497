"""Playout: order, pace, tempo, padding and the span it reports."""

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
from streaming.items import Clause, ClausePlayed, ClauseSkipped, Event, Samples, Speech, SpeechFrame
from streaming.playout import Playout, PlayoutStage
from streaming.skipping import Skipping
from streaming.trace import CaptureLog
from tests.streaming.voices import heard_words, largest_jump, pitch_hz, vowel, words
from tts.mastering import master

Played = SpeechFrame | ClausePlayed | ClauseSkipped


def clause(index: int, *, source_end_s: float = 1.0, sentence_end: bool = False) -> Clause:
    return Clause(index, "pt", f"clause {index}", 0.0, source_end_s, 2.0, sentence_end)


def speech(index: int, samples: int, **rest: float) -> Speech:
    return Speech(clause(index, **rest), np.full(samples, (index + 1) / 100, np.float32))


def live_captures() -> CaptureLog:
    captures = CaptureLog()
    captures.push(100.0, 100.0)
    return captures


def new_playout(knobs: Knobs = Knobs()) -> Playout:  # noqa: B008 (frozen)
    captures = live_captures()
    return Playout(captures, Skipping(captures, lambda: knobs))


def play_all(playout: Playout, *, cut_pauses: bool = False, tempo: float = 1.0) -> list[Played]:
    events: list[Played] = []
    at_s = 10.0
    while not playout.idle:
        events.extend(playout.pull(at_s, cut_pauses=cut_pauses, tempo=tempo))
        at_s += FRAME_MS / 1000
    return events


def frames_of(events: list[Played]) -> list[SpeechFrame]:
    return [event for event in events if isinstance(event, SpeechFrame)]


def playout_of(*voices: Samples, made_at: float = 1.0) -> Playout:
    playout = new_playout()
    for index, samples in enumerate(voices):
        playout.push(Speech(clause(index), samples, made_at))
    return playout


@given(st.lists(st.integers(1, 3 * SPEECH_FRAME), min_size=1, max_size=6))
def test_every_sample_is_played_once_and_in_order(lengths: list[int]) -> None:
    playout = new_playout()
    for index, length in enumerate(lengths):
        playout.push(speech(index, length))
    frames = frames_of(play_all(playout))
    heard = np.concatenate([frame.samples for frame in frames])
    made = np.concatenate([np.full(length, (i + 1) / 100, np.float32) for i, length in enumerate(lengths)])
    np.testing.assert_array_equal(heard[heard != 0], made)
    assert all(len(frame.samples) == SPEECH_FRAME for frame in frames)


@given(st.lists(st.integers(1, 3 * SPEECH_FRAME), min_size=1, max_size=6))
def test_frames_never_overlap(lengths: list[int]) -> None:
    playout = new_playout()
    for index, length in enumerate(lengths):
        playout.push(speech(index, length))
    times = [frame.at_s for frame in frames_of(play_all(playout))]
    assert all(later - earlier > 0.0199 for earlier, later in itertools.pairwise(times))


def test_the_span_is_measured_from_the_end_of_the_last_source_word() -> None:
    playout = new_playout()
    playout.push(speech(0, 10, source_end_s=7.5))
    played = next(event for event in playout.pull(10.0) if isinstance(event, ClausePlayed))
    assert played.ear_voice_span_s == pytest.approx(2.5)


def test_a_sentence_is_followed_by_a_longer_pause_than_a_clause() -> None:
    def silence_after(*, sentence_end: bool) -> int:
        playout = new_playout()
        playout.push(Speech(clause(0, sentence_end=sentence_end), np.ones(SPEECH_FRAME, np.float32)))
        playout.push(speech(1, 10))
        at_s = [10 + i * 0.02 for i in range(40)]
        return [bool(playout.pull(t)) for t in at_s].index(True, 1)

    assert silence_after(sentence_end=True) > silence_after(sentence_end=False)


def test_pauses_are_cut_when_the_budget_asks() -> None:
    playout = new_playout()
    playout.push(Speech(clause(0, sentence_end=True), np.ones(SPEECH_FRAME, np.float32)))
    playout.push(speech(1, 10))
    playout.pull(10.0, cut_pauses=True)
    assert playout.pull(10.02, cut_pauses=True)


def test_the_schedule_says_when_each_waiting_clause_begins() -> None:
    playout = new_playout()
    for index in range(3):
        playout.push(speech(index, SPEECH_RATE_HZ))
    playout.pull(10.0)
    (first, first_in_s), (second, second_in_s) = playout.schedule()
    assert (first.index, second.index) == (1, 2)
    assert first_in_s == pytest.approx(0.98)
    assert second_in_s == pytest.approx(1.98)


def test_at_a_higher_tempo_the_backlog_is_played_in_proportionally_less_time() -> None:
    playout = playout_of(*[vowel(150, 2.0)] * 4)
    frames = frames_of(play_all(playout, cut_pauses=True, tempo=1.25))
    assert len(frames) * FRAME_MS / 1000 == pytest.approx(8.0 / 1.25, rel=0.02)
    assert all(len(frame.samples) == SPEECH_FRAME for frame in frames)


def test_what_was_made_at_the_tempo_asked_is_played_as_it_is() -> None:
    voice = vowel(150, 1.0)
    frames = frames_of(play_all(playout_of(voice, made_at=1.25), tempo=1.25))
    np.testing.assert_array_equal(np.concatenate([frame.samples for frame in frames]), voice)


@given(
    st.lists(st.sampled_from([0.3, 0.8, 1.5]), min_size=1, max_size=4),
    st.integers(1, 60),
    st.sampled_from([1.0, 1.15, 1.25]),
)
def test_the_backlog_is_the_time_that_playing_takes(lengths_s: list[float], pulled: int, tempo: float) -> None:
    playout = playout_of(*(vowel(150, seconds) for seconds in lengths_s))
    for number in range(pulled):
        playout.pull(10 + number / 50, cut_pauses=True, tempo=tempo)
    backlog_s = playout.backlog_s
    left_s = len(frames_of(play_all(playout, cut_pauses=True, tempo=tempo))) * FRAME_MS / 1000
    assert left_s == pytest.approx(backlog_s, abs=0.03 * (1 + len(lengths_s)))


def test_a_higher_tempo_brings_every_waiting_clause_forward() -> None:
    playout = playout_of(*[vowel(150, 1.0)] * 3)
    playout.pull(10.0, tempo=1.25)
    assert [begins_in_s for _, begins_in_s in playout.schedule()] == pytest.approx([0.784, 1.584], abs=0.005)
    playout.pull(10.02, tempo=1.0)
    assert [begins_in_s for _, begins_in_s in playout.schedule()] == pytest.approx([0.96, 1.96], abs=0.01)


@pytest.mark.parametrize("tempo", [1.0, 1.25])
def test_the_duration_told_is_that_at_the_pace_of_the_beginning(tempo: float) -> None:
    played, _ = playout_of(vowel(150, 1.0)).pull(10.0, tempo=tempo)
    assert isinstance(played, ClausePlayed)
    assert played.duration_s == pytest.approx(1.0 / tempo)


@given(st.lists(st.integers(1, 5 * SPEECH_FRAME), min_size=1, max_size=4), st.sampled_from([1.0, 1.25]))
def test_the_first_and_the_last_frame_of_each_clause_say_so(lengths: list[int], tempo: float) -> None:
    frames = frames_of(play_all(playout_of(*(np.ones(length, np.float32) for length in lengths)), tempo=tempo))
    starts = [number for number, frame in enumerate(frames) if frame.starts is not None]
    ends = [number for number, frame in enumerate(frames) if frame.ends]
    assert len(starts) == len(ends) == len(lengths)
    assert starts == [0, *(number + 1 for number in ends[:-1])]


@pytest.mark.parametrize("tempo", [1.0, 1.15, 1.25])
def test_clauses_that_follow_at_once_join_without_a_click(tempo: float) -> None:
    """Voices cut in mid-sound, as a model may end them: no jump at a joint is above those inside the voice."""
    voices = [master(vowel(hertz, 0.7)[at:]) for hertz, at in [(140, 40), (151, 75), (133, 11)]]
    frames = frames_of(play_all(playout_of(*voices), cut_pauses=True, tempo=tempo))
    heard = np.concatenate([frame.samples for frame in frames])
    joints = [number * SPEECH_FRAME for number, frame in enumerate(frames) if frame.starts is not None]
    at_joints = max(largest_jump(np.pad(heard, 480)[joint + 240 : joint + 720]) for joint in joints)
    assert len(joints) == 3
    assert at_joints <= max(largest_jump(voice[480:-480]) for voice in voices)


@given(
    st.lists(st.sampled_from([110.0, 150.0, 220.0, 300.0]), min_size=1, max_size=4),
    st.lists(st.sampled_from([1.0, 1.15, 1.25]), min_size=1, max_size=20),
)
def test_no_word_is_lost_whatever_the_tempo_does(pitches: list[float], tempos: list[float]) -> None:
    playout = playout_of(*(words([pitch, pitch]) for pitch in pitches))
    heard: list[SpeechFrame | ClausePlayed] = []
    for number, tempo in zip(itertools.count(), itertools.cycle(tempos)):
        if playout.idle:
            break
        heard += playout.pull(10 + number / 50, cut_pauses=True, tempo=tempo)
    spoken = heard_words(np.concatenate([frame.samples for frame in frames_of(heard)]))
    expected = [pitch for pitch in pitches for _ in range(2)]
    assert [pitch_hz(word) for word in spoken] == pytest.approx(expected, rel=0.05)


def test_the_stage_speaks_faster_when_the_budget_asks() -> None:
    async def main() -> float:
        inbox: Channel = Channel("speech", 4, "wait")
        events: Channel[Event] = Channel("events", 1000, "wait")
        for index in range(3):
            await inbox.send(Speech(clause(index), vowel(150, 2.0)))
        inbox.close()
        knobs = Knobs(tempo=1.25, cut_pauses=True)
        await PlayoutStage(new_playout(), lambda: knobs).run(inbox, events)
        return now()

    assert run_virtual(main()) == pytest.approx(6.0 / 1.25, rel=0.02)


def test_the_stage_plays_at_real_pace_and_ends_with_its_input() -> None:
    async def main() -> list[tuple[float, Event]]:
        inbox: Channel = Channel("speech", 4, "wait")
        events: Channel[Event] = Channel("events", 1000, "wait")
        for index in range(3):
            await inbox.send(speech(index, SPEECH_RATE_HZ))
        inbox.close()
        await PlayoutStage(new_playout(), Knobs).run(inbox, events)
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
        playout = new_playout()
        async with anyio.create_task_group() as group:
            group.start_soon(PlayoutStage(playout, Knobs).run, inbox, events)
            await anyio.sleep(3.0)
            waiting = len(playout.schedule())
            group.cancel_scope.cancel()
        return waiting

    assert run_virtual(main()) <= 2


def test_what_became_too_late_while_it_waited_is_skipped_and_the_next_played() -> None:
    playout = new_playout(Knobs(latest_span_s=4.0))
    playout.push(speech(0, SPEECH_FRAME, source_end_s=1.0, sentence_end=True))
    playout.push(speech(1, SPEECH_FRAME, source_end_s=9.0, sentence_end=True))
    skipped, played, frame = playout.pull(10.0)
    assert isinstance(skipped, ClauseSkipped) and skipped.clause.index == 0
    assert isinstance(played, ClausePlayed) and played.clause.index == 1
    assert isinstance(frame, SpeechFrame)


def test_when_all_that_waits_is_too_late_all_of_it_is_skipped() -> None:
    playout = new_playout(Knobs(latest_span_s=4.0))
    for index in range(2):
        playout.push(speech(index, SPEECH_FRAME, source_end_s=1.0, sentence_end=True))
    assert [type(event) for event in playout.pull(10.0)] == [ClauseSkipped, ClauseSkipped]
    assert playout.idle
