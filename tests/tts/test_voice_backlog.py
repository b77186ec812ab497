import pytest

from streaming.items import Clause
from tts.voice_backlog import MAKING_SHARE, VoiceBacklog, estimated_s


def clause(text: str) -> Clause:
    return Clause(0, "pt", text, 0.0, 1.0, 0.0, True)


def test_a_voice_that_was_given_nothing_is_silent() -> None:
    assert VoiceBacklog().busy_until_s == float("-inf")


def test_a_clause_is_made_first_and_then_spoken() -> None:
    backlog = VoiceBacklog()
    backlog.add(clause("Bom dia."), 1.0, 3.0)
    assert backlog.busy_until_s == pytest.approx(3.0 + (MAKING_SHARE + 1) * estimated_s("Bom dia.", 1.0))


def test_what_is_voiced_lasts_as_long_as_it_is() -> None:
    backlog = VoiceBacklog()
    backlog.add(clause("Bom dia."), 1.0, 3.0)
    backlog.settle(2.0, 3.5)
    assert backlog.busy_until_s == 5.5
    assert backlog.waiting == ()


def test_clauses_are_spoken_one_after_the_other() -> None:
    backlog = VoiceBacklog()
    for text in ("Bom dia.", "Até logo."):
        backlog.add(clause(text), 1.25, 3.0)
    backlog.settle(9.0, 3.5)
    assert backlog.busy_until_s == pytest.approx(12.5 + estimated_s("Até logo.", 1.25))
    assert [one.text for one in backlog.waiting] == ["Até logo."]


def test_a_skipped_clause_takes_no_time() -> None:
    backlog = VoiceBacklog()
    backlog.add(clause("Bom dia."), 1.0, 3.0)
    backlog.settle(0.0, 3.0)
    assert backlog.busy_until_s == 3.0
