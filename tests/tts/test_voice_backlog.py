from __future__ import annotations

import pytest

from streaming.items import Clause
from tts.voice_backlog import MAKING_SHARE, VoiceBacklog

GREETING, GOODBYE = "Bom dia.", "Até logo."


def clause(text: str) -> Clause:
    return Clause(0, "pt", text, 0.0, 1.0, 0.0, True)


def waiting(*texts: str) -> VoiceBacklog:
    backlog = VoiceBacklog()
    for text in texts:
        backlog.add(clause(text))
    return backlog


def begins(backlog: VoiceBacklog, now: float, tempo: float = 1.0) -> list[float]:
    return [begins_at_s for _, begins_at_s in backlog.schedule(now, tempo)]


def test_a_voice_that_was_given_nothing_is_silent() -> None:
    assert VoiceBacklog().busy_until_s(3.0, 1.0) == float("-inf")


def test_a_clause_is_made_first_and_then_spoken() -> None:
    backlog = waiting(GREETING)
    lasts_s = backlog.estimated_s(GREETING, 1.0)
    assert begins(backlog, 3.0) == pytest.approx([3.0 + MAKING_SHARE * lasts_s])
    assert backlog.busy_until_s(3.0, 1.0) == pytest.approx(3.0 + (MAKING_SHARE + 1) * lasts_s)


def test_a_faster_voice_has_said_it_and_is_made_sooner() -> None:
    backlog = waiting(GREETING, GOODBYE)
    slow, fast = (backlog.busy_until_s(0.0, tempo) for tempo in (1.0, 1.25))
    assert fast == pytest.approx(slow / 1.25)


def test_what_playout_has_is_spoken_first() -> None:
    backlog = waiting(GREETING)
    backlog.playing_until(9.0)
    assert begins(backlog, 3.0) == [9.0]


def test_clauses_are_spoken_one_after_the_other() -> None:
    backlog = waiting(GREETING, GOODBYE)
    first_s, second_s = begins(backlog, 0.0)
    assert second_s == pytest.approx(first_s + backlog.estimated_s(GREETING, 1.0))


def test_the_making_has_begun_when_it_was_told() -> None:
    backlog = waiting(GREETING)
    backlog.making(2.0)
    assert begins(backlog, 2.1) == pytest.approx([2.0 + backlog.making_s(GREETING, 1.0)])
    assert begins(backlog, 9.0) == [9.0]  # it takes longer than expected


def test_what_is_made_and_waits_for_room_lasts_as_long_as_it_is() -> None:
    backlog = waiting(GREETING)
    backlog.making(0.0)
    backlog.made(2.0, 1.0, 0.5)
    assert begins(backlog, 0.5) == [0.5]
    assert backlog.busy_until_s(0.5, 1.0) == 2.5


def test_what_has_left_waits_no_more() -> None:
    backlog = waiting(GREETING, GOODBYE)
    backlog.leave()
    assert [one.text for one in backlog.waiting] == [GOODBYE]


def test_a_slow_voice_and_a_slow_machine_are_learnt() -> None:
    backlog = waiting(*[GREETING] * 30)
    before_s, making_before_s = backlog.estimated_s(GREETING, 1.0), backlog.making_s(GREETING, 1.0)
    for _ in range(30):
        backlog.making(0.0)
        backlog.made(2 * before_s, 1.0, 4 * making_before_s)
        backlog.leave()
    assert backlog.estimated_s(GREETING, 1.0) == pytest.approx(2 * before_s, rel=0.01)
    assert backlog.making_s(GREETING, 1.0) == pytest.approx(4 * making_before_s, rel=0.01)
