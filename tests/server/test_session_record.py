from __future__ import annotations

import logging

import pytest

from server.interpreter import Job
from server.metrics import Metrics
from server.session_record import SessionRecord
from streaming.errors import StageFailed
from streaming.items import Clause, ClausePlayed, ClauseSkipped, Event, Transcript, Word

JOB = Job(source="en", targets=("pt",), spoken=frozenset({"pt"}), gender=None)


@pytest.fixture
def record(caplog: pytest.LogCaptureFixture) -> SessionRecord:
    caplog.set_level(logging.INFO)
    times = iter((100.0, 172.4))
    return SessionRecord(
        session_id="7",
        transport="webrtc",
        job=JOB,
        metrics=Metrics(),
        heard=lambda: None,
        keep=lambda _event: None,
        clock=lambda: next(times),
    )


def clause(index: int) -> Clause:
    return Clause(index, "pt", "bom dia", 0.0, 1.0, 1.0, True)


def test_begin_and_end_are_logged_with_sums_and_without_text(
    record: SessionRecord, caplog: pytest.LogCaptureFixture
) -> None:
    with record.open():
        for index, span_s in enumerate((1.0, 2.0, 9.0)):
            record.observe(ClausePlayed(clause(index), 2.0, 1.0, span_s))
        record.observe(ClauseSkipped(clause(3), "late"))
    began, ended = caplog.messages
    assert began == "session 7 began: en to pt over webrtc"
    assert ended == "session 7 ended: en to pt after 72 s, 3 clauses spoken, 1 skipped, median ear-voice span 2.0 s"
    assert "bom dia" not in caplog.text


def test_a_session_without_a_clause_has_no_median(record: SessionRecord, caplog: pytest.LogCaptureFixture) -> None:
    with record.open():
        pass
    assert caplog.messages[-1].endswith("0 clauses spoken, 0 skipped")


def test_the_end_says_what_went_wrong(record: SessionRecord, caplog: pytest.LogCaptureFixture) -> None:
    with record.open():
        record.add_failed(StageFailed("recognition failed"))
    assert "session 7 failed (recognition failed):" in caplog.messages[-1]


def test_a_cancelled_session_was_cut_off(record: SessionRecord, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(KeyboardInterrupt), record.open():
        raise KeyboardInterrupt
    assert "session 7 was cut off:" in caplog.messages[-1]


def test_recognised_words_are_told_and_what_is_played_is_not() -> None:
    heard: list[str] = []
    kept: list[Event] = []
    record = SessionRecord(
        session_id="7",
        transport="webrtc",
        job=JOB,
        metrics=Metrics(),
        heard=lambda: heard.append("words"),
        keep=kept.append,
    )
    words, played = Transcript("en", (), (Word("good", 0.0, 0.3),)), ClausePlayed(clause(0), 2.0, 1.0, 1.5)
    record.observe(words)
    record.observe(played)
    assert heard == ["words"]
    assert kept == [words, played]
