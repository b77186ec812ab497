"""What the guard takes out of a hypothesis, and what it leaves alone."""

from __future__ import annotations

import pytest

from asr.guard import HallucinationGuard
from asr.speech_evidence import SpeechEvidence
from asr.vad import CHUNK
from streaming.audio import ASR_RATE_HZ
from tests.asr.hypotheses import recognition, words

CLEAR, WEAK, NONE = 0.98, 0.7, 0.05


def evidence(*probabilities: tuple[float, float]) -> SpeechEvidence:
    """Of a stream made of (seconds, speech probability)."""
    evidence, at = SpeechEvidence(), 0
    for seconds, probability in probabilities:
        for _ in range(round(seconds * ASR_RATE_HZ / CHUNK)):
            evidence.push(at, probability)
            at += CHUNK
    return evidence


def kept(
    text: str,
    *,
    no_speech: float = 0.0,
    log_probability: float = -0.1,
    first: bool = True,
    voice: tuple[tuple[float, float], ...] = ((10.0, CLEAR),),
    after: str = "",
    terms: tuple[str, ...] = (),
) -> str:
    guard = HallucinationGuard(evidence(*voice), terms)
    answer = recognition(no_speech=no_speech, log_probability=log_probability)
    believed = guard.push(words(text), answer, first=first, after=words(after))
    assert sum(guard.dropped.values()) == len(text.split()) - len(believed)
    return " ".join(word.text for word in believed)


def test_speech_is_believed() -> None:
    assert kept("We begin at nine.") == "We begin at nine."


def test_nothing_stays_nothing() -> None:
    assert kept("", no_speech=0.9, log_probability=-3.0) == ""


def test_text_on_silence_is_dropped() -> None:
    assert kept("I'm going home.", no_speech=0.8, log_probability=-1.5) == ""


def test_sure_text_is_kept_even_where_whisper_hears_no_speech() -> None:
    assert kept("I'm going home.", no_speech=0.8, log_probability=-0.2) == "I'm going home."


def test_unsure_text_is_kept_under_a_clear_voice() -> None:
    assert kept("I'm going home.", log_probability=-1.5) == "I'm going home."


@pytest.mark.parametrize(("no_speech", "log_probability"), [(0.8, -0.2), (0.1, -1.5)])
def test_without_a_clear_voice_one_sign_is_enough(no_speech: float, log_probability: float) -> None:
    voice = ((10.0, WEAK),)
    assert kept("I'm going home.", no_speech=no_speech, log_probability=log_probability, voice=voice) == ""


def test_a_weak_voice_that_whisper_understands_is_believed() -> None:
    assert kept("Tranquility base here.", no_speech=0.3, log_probability=-0.4, voice=((10.0, WEAK),))


def test_words_after_the_last_voice_are_dropped() -> None:
    assert kept("We begin. Thank you.", voice=((0.75, CLEAR), (5.0, NONE))) == "We begin."


def test_a_word_that_the_aligner_puts_a_little_late_is_kept() -> None:
    assert kept("We begin now", voice=((0.9, CLEAR), (5.0, NONE))) == "We begin now"


def test_a_word_in_a_pause_is_kept_when_a_voice_follows() -> None:
    assert kept("a b c d", voice=((0.4, CLEAR), (0.8, NONE), (1.0, CLEAR))) == "a b c d"


def test_no_word_is_believed_where_there_was_no_voice() -> None:
    assert kept("Thanks for watching!", voice=((10.0, NONE),)) == ""
    assert kept("Thanks for watching!", voice=()) == ""


@pytest.mark.parametrize(
    "phrase", ["Thanks for watching!", "Thank you.", "Obrigado.", "Legendas pela comunidade Amara.org", "Bye-bye."]
)
def test_a_doubtful_stock_phrase_that_stands_alone_is_dropped(phrase: str) -> None:
    assert kept(phrase, no_speech=0.4) == ""


@pytest.mark.parametrize("phrase", ["Thank you.", "Merci beaucoup.", "Muchas gracias.", "Vielen Dank!"])
def test_a_stock_phrase_without_a_clear_voice_is_dropped(phrase: str) -> None:
    assert kept(phrase, first=False, voice=((10.0, WEAK),)) == ""


def test_a_thank_you_that_is_clearly_heard_is_kept() -> None:
    assert kept("Thank you.") == "Thank you."


def test_a_stock_phrase_after_committed_speech_is_kept() -> None:
    assert kept("Thank you.", no_speech=0.4, first=False) == "Thank you."


def test_a_loop_is_cut_after_its_first_round() -> None:
    assert kept("it was Good Good good Good good Good") == "it was Good"
    assert kept("so I think I think I think I think I think") == "so I think"


def test_a_loop_that_began_in_committed_words_goes_no_further() -> None:
    assert kept("I think I think", first=False, after="and I think I think") == ""
    assert kept("so I think", first=False, after="and I think I think I think") == "so I think"


def test_a_loop_makes_whisper_surer_of_what_it_invents_and_nothing_of_it_is_kept() -> None:
    loop = "o que é que é que é que é"
    assert kept(loop, no_speech=0.8, log_probability=-0.7) == ""
    assert kept(loop, no_speech=0.3, log_probability=-0.7, voice=((10.0, WEAK),)) == ""


def test_an_old_loop_does_not_touch_new_words() -> None:
    assert kept("not today", first=False, after="no no no no") == "not today"


def test_people_repeat_themselves_up_to_three_times() -> None:
    assert kept("no, no, no, not today") == "no, no, no, not today"


TERMS = ("Siobhan Kowalczyk", "Zephyrus")


@pytest.mark.parametrize("voice", [((10.0, WEAK),), ((0.2, CLEAR), (10.0, WEAK))])
def test_terms_alone_are_not_believed_without_a_clear_voice_under_all_of_them(voice) -> None:  # type: ignore[no-untyped-def]
    assert kept("Kowalczyk, Zephyrus,", voice=voice, terms=TERMS) == ""


def test_terms_that_were_spoken_are_believed() -> None:
    assert kept("Siobhan Kowalczyk?", terms=TERMS) == "Siobhan Kowalczyk?"


def test_a_sentence_that_holds_a_term_needs_no_clearer_voice_than_any_other() -> None:
    assert kept("Zephyrus begins.", voice=((0.2, CLEAR), (10.0, WEAK)), terms=TERMS) == "Zephyrus begins."
