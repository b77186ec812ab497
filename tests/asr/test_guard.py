"""What the guard takes out of a hypothesis, and what it leaves alone."""

from __future__ import annotations

import pytest

from asr.guard import HallucinationGuard
from tests.asr.hypotheses import recognition, words


def kept(text: str, *, no_speech: float = 0.0, log_probability: float = -0.1, first: bool = True) -> str:
    guard = HallucinationGuard()
    believed = guard.push(words(text), recognition(no_speech=no_speech, log_probability=log_probability), first=first)
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


@pytest.mark.parametrize(
    "phrase", ["Thanks for watching!", "Thank you.", "Obrigado.", "Legendas pela comunidade Amara.org", "Bye-bye."]
)
def test_a_doubtful_stock_phrase_that_stands_alone_is_dropped(phrase: str) -> None:
    assert kept(phrase, no_speech=0.4) == ""


def test_a_thank_you_that_is_clearly_heard_is_kept() -> None:
    assert kept("Thank you.") == "Thank you."


def test_a_stock_phrase_after_committed_speech_is_kept() -> None:
    assert kept("Thank you.", no_speech=0.4, first=False) == "Thank you."


def test_a_loop_is_cut_after_its_first_round() -> None:
    assert kept("it was Good Good good Good good Good") == "it was Good"
    assert kept("so I think I think I think I think I think") == "so I think"


def test_people_repeat_themselves_up_to_three_times() -> None:
    assert kept("no, no, no, not today") == "no, no, no, not today"
