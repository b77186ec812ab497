"""Who joins when and what is counted, in virtual time with sessions that are made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import anyio
import pytest

from bench import load_run
from bench.corpus import Clip
from bench.events import ClauseHeard, ClauseSkipped
from bench.load_knee import Step
from bench.load_run import SETTLE_S, LoadRun
from bench.recording import Told
from bench.systems.server_process import ProcessUse
from clients.voice_client import ConnectionLost, SessionRefused
from streaming.clock import now, run_virtual
from streaming.errors import Busy

STEP_S = 10.0
TALKS = [Clip(f"speaker-{number}", Path("none.wav"), "en", 100.0) for number in (1, 2, 3)]


class Scripted:
    """A server on which each session's every second gives one clause, `span_s` late."""

    def __init__(self, span_s: Callable[[int], float] = lambda inside: 2.0) -> None:
        self.began: list[tuple[str, float]] = []
        self.inside = 0
        self._span_s = span_s

    async def listen(self, clip: Clip, told: Told) -> None:
        self.began.append((clip.name, now()))
        self.inside += 1
        try:
            await self.speak(clip, told)
        finally:
            self.inside -= 1

    async def speak(self, clip: Clip, told: Told) -> None:
        while True:
            await anyio.sleep(0.99)
            span_s = self._span_s(self.inside)
            told(ClauseHeard(0, "sim", 0.0, 1.0, 1.0, 1.0, 1.0 + span_s, 1.0, span_s))


@pytest.fixture(autouse=True)
def process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that uses half a core."""

    async def read(server: str) -> ProcessUse:
        return ProcessUse(now(), now() / 2, 1e9)

    monkeypatch.setattr(load_run, "read_process", read)


def steps(system: Any, told: Callable[[Step], None] = lambda step: None) -> list[Step]:
    return run_virtual(LoadRun(system, "http://server", step_s=STEP_S).run(TALKS, told))


def test_a_speaker_joins_at_each_step_and_none_is_left_at_the_end() -> None:
    system, told = Scripted(), []
    seen = steps(system, told.append)
    assert system.began == [("speaker-1", 0.0), ("speaker-2", STEP_S), ("speaker-3", 2 * STEP_S)]
    assert [step.speakers for step in seen] == [1, 2, 3]
    assert told == seen
    assert system.inside == 0


def test_what_is_heard_while_a_step_settles_is_not_counted() -> None:
    clauses = [len(step.spans_s) for step in steps(Scripted())]
    assert clauses == [number * (STEP_S - SETTLE_S) for number in (1, 2, 3)]


def test_cpu_is_by_the_second_and_memory_as_it_is() -> None:
    assert [(step.cpu, step.rss_bytes) for step in steps(Scripted())] == [(pytest.approx(0.5), 1e9)] * 3


def test_no_speaker_joins_after_the_knee() -> None:
    system = Scripted(lambda inside: 2.0 if inside == 1 else 9.0)
    assert [step.speakers for step in steps(system)] == [1, 2]
    assert len(system.began) == 2


def test_a_speaker_who_is_not_heard_in_a_step_is_counted() -> None:
    class Starves(Scripted):
        async def speak(self, clip: Clip, told: Told) -> None:
            if clip.name == "speaker-2":
                await anyio.sleep_forever()
            await super().speak(clip, told)

    assert [step.silent for step in steps(Starves())] == [0, 1]


def test_skipped_clauses_are_counted() -> None:
    class Sheds(Scripted):
        async def speak(self, clip: Clip, told: Told) -> None:
            await anyio.sleep(SETTLE_S + 1)
            told(ClauseSkipped(0, "sim", 0.0, 1.0, "late", 3.0))
            await super().speak(clip, told)

    assert steps(Sheds())[0].skipped == 1


@pytest.mark.parametrize("error", [Busy("full", retry_after_s=15), SessionRefused("full")])
def test_a_refused_join_ends_the_run_after_its_step(error: Exception) -> None:
    class Full(Scripted):
        async def speak(self, clip: Clip, told: Told) -> None:
            if self.inside > 1:
                raise error
            await super().speak(clip, told)

    system = Full()
    first, second = steps(system)
    assert first.refused == ()
    assert second.silent == 0  # who was refused is not inside
    assert [(trouble.speaker, trouble.reason) for trouble in second.refused] == [(2, "full")]
    assert len(second.spans_s) == STEP_S - SETTLE_S  # the speaker inside was heard on
    assert len(system.began) == 2  # who is refused does not try again


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConnectionLost("gone"), "connection_lost"),
        (SessionRefused("a stage failed"), "session_refused"),
        (ZeroDivisionError("a bug"), "internal_error"),
    ],
)
def test_a_session_that_breaks_is_counted_and_begun_anew(error: Exception, code: str) -> None:
    class Breaks(Scripted):
        async def speak(self, clip: Clip, told: Told) -> None:
            with anyio.move_on_after(3.5 if len(self.began) == 1 else None):
                await super().speak(clip, told)
            raise error

    system = Breaks()
    seen = steps(system)
    assert [(trouble.speaker, trouble.code) for trouble in seen[0].failed] == [(1, code)]
    assert [name for name, _ in system.began] == ["speaker-1", "speaker-1", "speaker-2", "speaker-3"]
    assert all(step.refused == () for step in seen)


def test_a_server_that_does_not_tell_what_it_uses_is_measured_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    async def silent(server: str) -> None:
        return None

    monkeypatch.setattr(load_run, "read_process", silent)
    assert [(step.cpu, step.rss_bytes) for step in steps(Scripted())] == [(None, None)] * 3
