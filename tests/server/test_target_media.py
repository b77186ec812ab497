from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.media_encode import PcmEncoder
from server.target_media import TargetMedia
from streaming.audio import SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.items import Clause, ClausePlayed, ClauseSkipped, SpeechFrame
from streaming.wire import EndOfTargetMedia, TargetMediaChunk


def clause(index: int) -> Clause:
    return Clause(index, "pt", f"clause {index}.", index, index + 1, 0.0, True)


def spoken(index: int, frames: int) -> list[ClausePlayed | SpeechFrame]:
    one = clause(index)
    silence = np.zeros(SPEECH_FRAME, np.float32)
    played = ClausePlayed(one, 0.0, frames * SPEECH_FRAME / SPEECH_RATE_HZ, 2.0)
    return [played, *(SpeechFrame("pt", silence, 0.0, one if number == 0 else None) for number in range(frames))]


def media() -> TargetMedia:
    return TargetMedia(tag="pt-BR", content_type="audio/pcm", encoder=PcmEncoder(24_000))


def chunks(target: TargetMedia, *events: ClausePlayed | SpeechFrame | ClauseSkipped) -> list[TargetMediaChunk]:
    messages = [message for event in events for message in target.push(event)]
    assert all(isinstance(message, TargetMediaChunk) for message in messages)
    return messages  # type: ignore[return-value]


def test_frames_are_grouped_to_a_tenth_of_a_second() -> None:
    made = chunks(media(), *spoken(0, 10))
    assert [chunk.duration for chunk in made] == [100, 100]


def test_the_end_of_a_clause_is_sent_at_once() -> None:
    made = chunks(media(), *spoken(0, 7))
    assert [chunk.duration for chunk in made] == [100, 40]


def test_a_chunk_holds_one_clause_only_even_when_its_length_was_not_foretold() -> None:
    frames = [event for index in range(2) for event in spoken(index, 3) if isinstance(event, SpeechFrame)]
    target = media()
    first = chunks(target, *frames)
    (second, end) = target.flush()
    assert [chunk.text for chunk in first] == ["clause 0."]
    assert isinstance(second, TargetMediaChunk)
    assert (second.text, second.duration) == (" clause 1.", 60)
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
