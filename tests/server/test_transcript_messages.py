from __future__ import annotations

import pytest

from server.transcript_messages import TranscriptMessages
from streaming.items import BudgetChanged, Clause, ClauseSkipped, TargetWord, Transcript, Translation, Word
from streaming.wire import (
    Budget,
    EndOfSourceTranscript,
    EndOfTargetTranscript,
    SourceSegment,
    SourceTranscriptUpdate,
    TargetSegment,
    TargetTranscriptUpdate,
)
from streaming.wire import ClauseSkipped as ClauseSkippedMessage


@pytest.fixture
def messages() -> TranscriptMessages:
    return TranscriptMessages(source="en-US", targets={"pt": "pt-BR"}, notes=True)


def test_committed_words_are_concluded_with_their_times(messages: TranscriptMessages) -> None:
    (update,) = messages.push(Transcript("en", (Word("Good", 0.1, 0.3), Word("day.", 0.3, 0.75)), heard_s=0.9))
    assert update == SourceTranscriptUpdate(concluded=(SourceSegment("en-US", "Good day.", 100, 750, 900),))


def test_later_segments_bring_the_space_that_joins_them(messages: TranscriptMessages) -> None:
    messages.push(Transcript("en", (Word("Good", 0, 1),)))
    (update,) = messages.push(Transcript("en", (Word("day", 1, 2),), (Word("to", 2, 3), Word("you", 3, 4))))
    assert update == SourceTranscriptUpdate(
        concluded=(SourceSegment("en-US", " day", 1000, 2000, 0),),
        tentative=(SourceSegment("en-US", " to you", 2000, 4000),),
    )


def test_tentative_text_that_goes_away_is_taken_back(messages: TranscriptMessages) -> None:
    messages.push(Transcript("en", (), (Word("Goo", 0, 1),)))
    assert messages.push(Transcript("en")) == [SourceTranscriptUpdate()]


def test_an_update_that_changes_nothing_is_not_sent(messages: TranscriptMessages) -> None:
    assert messages.push(Transcript("en", utterance_end=True)) == []
    tentative = Transcript("en", (), (Word("Goo", 0, 1),))
    assert len(messages.push(tentative)) == 1
    assert messages.push(tentative) == []


def test_target_words_rest_on_the_time_of_their_source(messages: TranscriptMessages) -> None:
    messages.push(Transcript("en", (Word("Good", 0, 1),), (Word("day", 1, 2),)))
    (update,) = messages.push(Translation("pt", (TargetWord("Bom", 0, 1, 1.5),), "dia"))
    assert update == TargetTranscriptUpdate(
        language="pt-BR",
        concluded=(TargetSegment("Bom", 0, 1000, 1500),),
        tentative=(TargetSegment(" dia", 1000, 2000),),
    )


def test_own_notes_are_left_out_when_not_asked_for() -> None:
    silent = TranscriptMessages(source="en", targets={"pt": "pt"}, notes=False)
    (update,) = silent.push(Transcript("en", (Word("Good", 0, 1),), heard_s=1.5))
    assert update.concluded[0].heard_time is None
    assert silent.push(BudgetChanged(1, "behind", 4.2)) == []


def test_notes_tell_of_the_budget_and_of_skipped_clauses(messages: TranscriptMessages) -> None:
    assert messages.push(BudgetChanged(1, "behind", 4.2)) == [Budget(1, "behind")]
    skipped = ClauseSkipped(Clause(3, "pt", "Bom dia.", 1, 2, 9, True), "too late")
    assert messages.push(skipped) == [ClauseSkippedMessage("pt-BR", 3, "Bom dia.", 1000, 2000, "too late")]


def test_what_recognition_has_translated_is_no_source_text(messages: TranscriptMessages) -> None:
    assert messages.push(Transcript("en", (Word("Good", 0, 1),), translated_from="de")) == []
    (update,) = messages.push(Transcript("en", (Word("day.", 1, 2),)))
    assert update == SourceTranscriptUpdate(concluded=(SourceSegment("en-US", "day.", 1000, 2000, 0),))


def test_the_ends_name_every_target(messages: TranscriptMessages) -> None:
    assert messages.flush() == [EndOfSourceTranscript(), EndOfTargetTranscript("pt-BR")]


def test_a_found_language_is_told_and_the_declared_one_keeps_its_tag(messages: TranscriptMessages) -> None:
    told = [messages.push(Transcript(language, (Word("ok", 0, 1),)))[0] for language in ("en", "pt")]
    assert [update.concluded[0].language for update in told if isinstance(update, SourceTranscriptUpdate)] == [
        "en-US",
        "pt",
    ]
