from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.media_encode import PcmEncoder
from server.target_media import TargetMedia
from streaming.audio import SPEECH_FRAME
from streaming.items import Clause, ClauseSkipped, SpeechFrame
from streaming.wire import EndOfTargetMedia, TargetMediaChunk


def clause(index: int) -> Clause:
    return Clause(index, "pt", f"clause {index}.", index, index + 1, 0.0, True)


def spoken(index: int, frames: int) -> list[SpeechFrame]:
    silence = np.zeros(SPEECH_FRAME, np.float32)
    return [
        SpeechFrame("pt", silence, 0.0, clause(index) if number == 0 else None, number == frames - 1)
        for number in range(frames)
    ]


def media() -> TargetMedia:
    return TargetMedia(tag="pt-BR", content_type="audio/pcm", encoder=PcmEncoder(24_000))


def chunks(target: TargetMedia, *events: SpeechFrame | ClauseSkipped) -> list[TargetMediaChunk]:
    messages = [message for event in events for message in target.push(event)]
    assert all(isinstance(message, TargetMediaChunk) for message in messages)
    return messages  # type: ignore[return-value]


def test_frames_are_grouped_to_a_tenth_of_a_second() -> None:
    made = chunks(media(), *spoken(0, 10))
    assert [chunk.duration for chunk in made] == [100, 100]


def test_the_end_of_a_clause_is_sent_at_once() -> None:
    made = chunks(media(), *spoken(0, 7))
    assert [chunk.duration for chunk in made] == [100, 40]


def test_a_chunk_holds_one_clause_only() -> None:
    made = chunks(media(), *spoken(0, 3), *spoken(1, 3))
    assert [(chunk.text, chunk.duration) for chunk in made] == [("clause 0.", 60), (" clause 1.", 60)]


def test_a_voice_cut_short_is_sent_with_the_end() -> None:
    target = media()
    assert chunks(target, *spoken(0, 10)[:3]) == []
    (chunk, end) = target.flush()
    assert isinstance(chunk, TargetMediaChunk)
    assert chunk.duration == 60
    assert end == EndOfTargetMedia("pt-BR")


def test_a_skipped_clause_keeps_its_text_and_has_no_voice() -> None:
    made = chunks(media(), *spoken(0, 5), ClauseSkipped(clause(1), "late"), *spoken(2, 5))
    assert [(chunk.text, chunk.data == (), chunk.duration) for chunk in made] == [
        ("clause 0.", False, 100),
        (" clause 1.", True, 0),
        (" clause 2.", False, 100),
    ]


def test_a_clause_skipped_before_an_earlier_one_is_played_waits_for_its_turn() -> None:
    made = chunks(media(), ClauseSkipped(clause(1), "late"), *spoken(0, 5), *spoken(2, 5))
    assert [chunk.text for chunk in made] == ["clause 0.", " clause 1.", " clause 2."]


def test_the_type_is_told_with_the_first_voice_not_with_a_skipped_clause() -> None:
    made = chunks(media(), ClauseSkipped(clause(0), "late"), *spoken(1, 10))
    assert [chunk.content_type for chunk in made] == [None, "audio/pcm", None]


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 12)), max_size=8))
def test_all_text_together_is_the_transcript_and_no_frame_is_lost(plan: list[tuple[bool, int]]) -> None:
    target, made = media(), []
    for index, (skipped, frames) in enumerate(plan):
        events = [ClauseSkipped(clause(index), "late")] if skipped else spoken(index, frames)
        made += chunks(target, *events)
    made += [message for message in target.flush() if isinstance(message, TargetMediaChunk)]
    assert "".join(chunk.text or "" for chunk in made) == " ".join(f"clause {index}." for index in range(len(plan)))
    assert sum(len(b"".join(chunk.data)) for chunk in made) == sum(960 * n for skipped, n in plan if not skipped)
