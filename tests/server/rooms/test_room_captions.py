from __future__ import annotations

from typing import Any

from server.rooms.captions import CaptionLog, SpeakerCaptions
from streaming.items import Clause, ClauseSkipped, TargetWord, Transcript, Translation, Word


def heard(*texts: str, start_s: float = 0.0, tentative: str = "", end: bool = False) -> Transcript:
    words = tuple(Word(text, start_s + index, start_s + index + 1) for index, text in enumerate(texts))
    guess = (Word(tentative, 0, 0),) if tentative else ()
    return Transcript("en", words, guess, utterance_end=end)


def said(*texts: str, at_s: float, end: bool = False, tentative: str = "") -> Translation:
    words = tuple(TargetWord(text, at_s, at_s + 1) for text in texts)
    return Translation("pt", words, tentative, sentence_end=end)


def brief(captions: list[dict[str, Any]]) -> list[tuple[int, str, str, bool]]:
    return [(one["sentence"], one["text"], one["tentative"], one["ends"]) for one in captions]


def test_words_go_on_with_their_sentence_and_bring_the_space_before_them() -> None:
    captions = SpeakerCaptions()
    assert brief(captions.push(heard("Good", tentative="mor"))) == [(0, "Good", "", False), (0, "", "mor", False)]
    assert brief(captions.push(heard("morning.", "We", start_s=1))) == [
        (0, " morning.", "", True),
        (1, "We", "", False),
    ]


def test_a_translation_has_the_number_of_the_sentence_it_rests_on() -> None:
    captions = SpeakerCaptions()
    captions.push(heard("One", "two.", "Three", "four."))
    assert brief(captions.push(said("Um", at_s=0))) == [(0, "Um", "", False)]
    assert brief(captions.push(said("dois.", at_s=1, end=True))) == [(0, " dois.", "", True)]
    assert brief(captions.push(said("Três", at_s=2))) == [(1, "Três", "", False)]


def test_a_language_that_was_added_late_begins_at_the_sentence_being_said() -> None:
    captions = SpeakerCaptions()
    captions.push(heard("One", "two.", "Three", "four.", "Five"))
    assert brief(captions.push(said("Três", at_s=2)))[0][0] == 1


def test_a_sentence_of_which_nothing_is_left_does_not_shift_the_others() -> None:
    captions = SpeakerCaptions()
    captions.push(heard("Uh.", "Three", "four."))
    assert captions.push(said(at_s=0, end=True)) == []
    assert brief(captions.push(said("Três", at_s=1)))[0][0] == 1


def test_nothing_is_said_twice() -> None:
    captions = SpeakerCaptions()
    captions.push(heard("One", tentative="two"))
    assert captions.push(heard(tentative="two")) == []


def test_times_are_of_the_meeting_and_stretches_have_numbers_of_their_own() -> None:
    captions = SpeakerCaptions(begins_s=60.0, first_sentence=1000)
    [caption] = captions.push(heard("One", start_s=2))
    assert (caption["start_time"], caption["end_time"], caption["sentence"]) == (62_000, 63_000, 1000)


def test_recognitions_own_translation_is_no_original() -> None:
    captions = SpeakerCaptions()
    words = (Word("Good", 0, 1),)
    assert captions.push(Transcript("en", words, translated_from="fr")) == []
    assert brief(captions.push(Translation("en", (TargetWord("Good", 0, 1),)))) == [(0, "Good", "", False)]


def test_what_was_skipped_says_of_which_sentence() -> None:
    captions = SpeakerCaptions()
    captions.push(heard("One", "two.", "Three"))
    clause = Clause(0, "pt", "Três", 2, 3, 0.0, False)
    assert captions.skip(ClauseSkipped(clause, "4 s behind")) == {
        "sentence": 1,
        "language": "pt",
        "text": "Três",
        "reason": "4 s behind",
    }


def test_who_comes_back_is_told_what_they_missed_but_no_guesses() -> None:
    log = CaptionLog()
    captions = SpeakerCaptions()
    bodies = [log.add("caption", body) for body in captions.push(heard("One", tentative="two"))]
    bodies += [log.add("caption", body) for body in captions.push(heard("two.", start_s=1, tentative="Th"))]
    missed = log.since(bodies[0]["seq"])
    assert [(body["text"], body["tentative"]) for _, body in missed] == [(" two.", "")]


def test_the_log_is_bounded() -> None:
    log = CaptionLog(most=3)
    for _ in range(5):
        log.add("caption", {"text": "a", "tentative": "", "ends": False})
    assert [body["seq"] for _, body in log.since(0)] == [3, 4, 5]
