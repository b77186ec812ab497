"""A server's messages become the bench's events, on the clip's clock."""

import numpy as np
import pytest

from bench.corpus import Clip
from bench.events import BudgetChanged, ClauseHeard, ClauseSkipped, SourceWord, TargetWord, of_kind
from bench.recording import Recording
from bench.systems.over_websocket import Listener
from bench.systems.server_messages import ServerMessages
from streaming import wire
from streaming.audio import SPEECH_RATE_HZ, to_s16le


@pytest.fixture
def recording(tmp_path) -> Recording:
    return Recording(Clip("talk", tmp_path / "talk.wav", "en", 10.0), 10.0)


def target(text: str, end_ms: float, heard_ms: float | None = None) -> wire.TargetTranscriptUpdate:
    return wire.TargetTranscriptUpdate("pt", (wire.TargetSegment(text, 0.0, end_ms, heard_ms),))


def announced(clause: int, text: str, *, end_ms: float = 1000.0) -> wire.EarVoiceSpan:
    return wire.EarVoiceSpan("pt", 2.0, clause, text, 0.0, end_ms, 1500.0, 300.0)


def skipped(clause: int, text: str) -> wire.ClauseSkipped:
    return wire.ClauseSkipped("pt", clause, text, 1000.0, 2000.0, "far behind")


def voice(seconds: float, text: str | None = None, level: float = 0.5) -> wire.TargetMediaChunk:
    samples = np.full(round(seconds * SPEECH_RATE_HZ), level, np.float32)
    return wire.TargetMediaChunk("pt", (to_s16le(samples),), seconds * 1000, text)


def test_each_word_of_a_segment_has_the_segments_times(recording):
    messages = ServerMessages(recording, lambda event: None)
    segment = wire.SourceSegment("en", " good morning", 500.0, 1250.0, 1800.0)
    messages.push(wire.SourceTranscriptUpdate((segment,)), 2.25)
    assert recording.events == [SourceWord("good", 0.5, 1.25, 1.8, 2.25), SourceWord("morning", 0.5, 1.25, 1.8, 2.25)]


def test_a_server_that_does_not_say_how_far_it_heard_has_heard_the_words_end(recording):
    ServerMessages(recording, lambda event: None).push(target("bom dia", 1250.0), 3.0)
    assert recording.events[0] == TargetWord("bom", 0.0, 1.25, 1.25, 3.0)
    assert recording.target_text == "bom dia"


def test_tentative_words_are_no_events(recording):
    update = wire.SourceTranscriptUpdate(tentative=(wire.SourceSegment("en", "good", 0.0, 1.0),))
    ServerMessages(recording, lambda event: None).push(update, 1.0)
    assert recording.events == []


def test_a_clause_is_committed_when_its_last_word_came(recording):
    messages = ServerMessages(recording, lambda event: None)
    messages.push(target("bom dia", 1000.0), 2.0)
    messages.push(target("a todos", 1500.0), 2.5)
    messages.push(target("e", 1700.0), 3.0)
    messages.hear(announced(0, "bom dia a"), 3.5)
    messages.hear(announced(1, "todos e"), 4.5)
    assert [clause.committed_s for clause in of_kind(recording.events, ClauseHeard)] == [2.5, 3.0]


def test_a_clause_skipped_before_an_earlier_one_is_heard_does_not_take_its_words(recording):
    messages = ServerMessages(recording, lambda event: None)
    messages.push(target("um dois", 1000.0), 1.0)
    messages.push(target("três", 1500.0), 2.0)
    messages.push(target("quatro", 2000.0), 3.0)
    messages.push(skipped(1, "três"), 3.5)
    messages.hear(announced(0, "um dois"), 4.0)
    messages.hear(announced(2, "quatro"), 5.0)
    assert [clause.committed_s for clause in of_kind(recording.events, ClauseHeard)] == [1.0, 3.0]
    assert of_kind(recording.events, ClauseSkipped) == [ClauseSkipped(1, "três", 1.0, 2.0, "far behind", 3.5)]


def test_a_budget_change_is_told_as_it_happens(recording):
    told: list[object] = []
    ServerMessages(recording, told.append).push(wire.Budget(2, "speaking faster"), 7.0)
    assert told == [BudgetChanged(2, "speaking faster", 7.0)] == recording.events


def test_a_clause_is_heard_when_its_first_chunk_comes_not_when_it_is_announced(recording):
    listener = Listener(recording, lambda event: None)
    listener.take(announced(0, "bom"), 2.0)
    listener.take(voice(0.1, "bom"), 2.2)
    (clause,) = of_kind(listener.concluded().events, ClauseHeard)
    assert (clause.at_s, clause.source_end_s, clause.heard_s, clause.duration_s) == (2.2, 1.0, 1.5, 0.3)
    assert clause.told_span_s == 2.0


def test_a_clause_that_comes_while_another_plays_is_heard_after_it(recording):
    listener = Listener(recording, lambda event: None)
    listener.take(announced(0, "bom"), 2.0)
    listener.take(voice(0.5, "bom"), 2.0)
    listener.take(announced(1, "dia"), 2.1)
    listener.take(voice(0.5, "dia"), 2.1)
    assert [clause.at_s for clause in of_kind(recording.events, ClauseHeard)] == [2.0, 2.5]


def test_the_end_of_the_clause_before_is_not_the_announced_ones_start(recording):
    listener = Listener(recording, lambda event: None)
    listener.take(announced(0, "bom"), 2.0)
    listener.take(voice(0.1, "bom"), 2.0)
    listener.take(announced(1, "dia"), 2.1)
    listener.take(voice(0.1), 2.1)
    listener.take(voice(0.1, "dia"), 2.5)
    assert [clause.at_s for clause in of_kind(recording.events, ClauseHeard)] == [2.0, 2.5]


def test_a_skipped_clauses_text_makes_no_sound(recording):
    listener = Listener(recording, lambda event: None)
    listener.take(wire.TargetMediaChunk("pt", (), 0.0, "dia"), 2.0)
    assert len(listener.concluded().speech) == 0


@pytest.mark.parametrize(("late_s", "gap_s"), [(0.05, 0.0), (0.4, 0.4)])
def test_speech_lies_where_it_was_heard_and_only_what_no_buffer_hides_is_a_gap(recording, late_s, gap_s):
    listener = Listener(recording, lambda event: None)
    listener.take(announced(0, "bom"), 1.0)
    listener.take(voice(0.1, "bom"), 1.0)
    listener.take(voice(0.1), 1.1 + late_s)
    speech = listener.concluded().speech
    assert len(speech) == round((1.2 + gap_s) * SPEECH_RATE_HZ)
    sounding = np.flatnonzero(speech)
    assert sounding[0] == SPEECH_RATE_HZ
    assert len(sounding) == round(0.2 * SPEECH_RATE_HZ)
