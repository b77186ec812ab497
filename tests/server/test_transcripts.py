"""The transcripts of a server: written in time, bounded, and never the end of a session."""

from __future__ import annotations

import asyncio
import logging
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path

import anyio
import pytest

import server.transcripts
from server.interpreter import Job
from server.metrics import Metrics
from server.sqlite_file import StoreFailed
from server.transcript_lines import Line
from server.transcript_store import KeptLine, Session, Speaker, TranscriptStore, UnknownTranscript
from server.transcripts import Keep, Transcripts
from streaming.items import TargetWord, Transcript, Translation, Word

JOB = Job(source="en", targets=("pt",), spoken=frozenset({"pt"}), gender=None)

CRASH = """
import os, signal, sys
from pathlib import Path
import anyio
from test_transcripts import JOB, said, transcripts

async def main():
    kept = transcripts(Path(sys.argv[1]))
    async with kept.keeping():
        with kept.session("7", JOB) as keep:
            keep(said("Good", 0))
            await anyio.sleep(0.7)
            keep(said("day", 1))
            await anyio.sleep(1.0)
            os.kill(os.getpid(), signal.SIGKILL)

anyio.run(main)
"""


def transcripts(path: Path, keep_s: float | None = 900.0) -> Transcripts:
    return Transcripts(TranscriptStore(path), keep_s=keep_s, metrics=Metrics())


def speaker(kept: Transcripts, name: str, *, keep_s: float | None = 900.0) -> AbstractContextManager[Keep]:
    return kept.speaker(f"{name}'s", "en", ["pt"], room="board", name=name, keep_s=keep_s)


def said(word: str, at_s: float) -> Transcript:
    return Transcript("en", (Word(word, at_s, at_s + 1),))


class BrokenStore(TranscriptStore):
    """Fails as often as it is told to."""

    failures = 0

    def write(self, kept: Sequence[KeptLine]) -> None:
        if self.failures:
            self.failures -= 1
            raise StoreFailed("the disk is full")
        super().write(kept)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transcripts.sqlite3"


def test_what_was_committed_a_second_before_a_crash_is_there_after_it(path: Path) -> None:
    crashed = subprocess.run([sys.executable, "-c", CRASH, str(path)], cwd=Path(__file__).parent, timeout=60)
    assert crashed.returncode == -signal.SIGKILL
    (line,) = TranscriptStore(path).read("7").lines
    assert line.text == "Good day"


def test_a_session_can_be_read_while_it_goes_on(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        with kept.session("7", JOB) as keep:
            keep(said("Good", 0))
            assert [line.text for line in (await kept.read("7")).lines] == ["Good"]
            keep(said("day.", 1))
            assert [line.text for line in (await kept.read("7")).lines] == ["Good day."]

    asyncio.run(main())


def test_what_waits_when_the_server_stops_is_written(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        async with kept.keeping():
            with kept.session("7", JOB) as keep:
                keep(said("Goodbye.", 0))

    asyncio.run(main())
    assert TranscriptStore(path).read("7").lines


def test_nothing_of_a_session_is_kept_after_its_transcript_was_removed(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        with kept.session("7", JOB) as keep:
            keep(said("Secret", 0))
            await kept.remove("7")
            keep(said("words", 1))
            with pytest.raises(UnknownTranscript):
                await kept.read("7")
        with pytest.raises(UnknownTranscript):
            await kept.remove("7")

    asyncio.run(main())


def test_a_room_is_read_while_its_speakers_speak(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path, keep_s=None)
        with speaker(kept, "Ana") as ana, speaker(kept, "Ben") as ben:
            ana(said("Good", 0))
            ben(said("Yes", 0))
            read = await kept.read_room("board")
        heard = [(each.session.speaker, [line.text for line in each.lines]) for each in read]
        assert heard == [(Speaker("board", "Ana"), ["Good"]), (Speaker("board", "Ben"), ["Yes"])]

    asyncio.run(main())


def test_a_language_that_nobody_announced_is_kept(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        with speaker(kept, "Ana") as ana:
            ana(Translation("es", (TargetWord("Hola", 0.0, 1.0),)))
            assert [line.language for line in (await kept.read_room("board"))[0].lines] == ["es"]

    asyncio.run(main())


def test_nothing_of_a_meeting_is_kept_after_its_transcript_was_removed(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        with speaker(kept, "Ana") as ana:
            ana(said("Secret", 0))
            await kept.remove_room("board")
            ana(said("words", 1))
            with speaker(kept, "Ben") as ben:
                ben(said("more", 0))
            with pytest.raises(UnknownTranscript):
                await kept.read_room("board")
        with speaker(kept, "Ana") as ana:
            ana(said("Again", 0))
            assert await kept.read_room("board")

    asyncio.run(main())


def test_a_removed_room_leaves_others_alone(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        with speaker(kept, "Ana") as ana, kept.session("7", JOB) as keep:
            await kept.remove_room("staff")
            ana(said("Good", 0))
            keep(said("Good", 0))
            assert await kept.read_room("board") and await kept.read("7")

    asyncio.run(main())


def test_a_room_without_retention_is_not_kept_on_a_server_that_keeps(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path)
        with speaker(kept, "Ana", keep_s=None) as ana:
            ana(said("Good", 0))
            with pytest.raises(UnknownTranscript):
                await kept.read_room("board")

    asyncio.run(main())
    assert not list(path.parent.iterdir())


def test_without_retention_no_file_is_made(path: Path) -> None:
    async def main() -> None:
        kept = transcripts(path, keep_s=None)
        async with kept.keeping():
            with kept.session("7", JOB) as keep:
                keep(said("Good", 0))
            with pytest.raises(UnknownTranscript):
                await kept.read("7")

    asyncio.run(main())
    assert not list(path.parent.iterdir())


def test_what_is_over_is_deleted_when_the_server_starts(path: Path) -> None:
    long_ago = KeptLine(Session("7", "en", ("pt",), 0.0), Line("en", True, 0, "Good day.", 0.0, 1.0, 1.0), 1.0)
    TranscriptStore(path).write([long_ago])

    async def main() -> None:
        async with transcripts(path, keep_s=None).keeping():
            with anyio.fail_after(5):
                while TranscriptStore(path, lambda: 0.0).remove("7"):  # noqa: ASYNC110 (nothing tells)
                    await anyio.sleep(0.01)

    asyncio.run(main())
    assert b"Good day" not in path.read_bytes()


def test_a_store_that_fails_is_told_once_counted_and_tried_again(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        store, metrics = BrokenStore(path), Metrics()
        kept = Transcripts(store, keep_s=900.0, metrics=metrics)
        store.failures = 2
        with kept.session("7", JOB) as keep:
            keep(said("Good", 0))
            for word, at_s in (("day", 1), ("all.", 2)):
                with pytest.raises(UnknownTranscript):
                    await kept.read("7")
                keep(said(word, at_s))
            assert [line.text for line in (await kept.read("7")).lines] == ["Good day all."]
        assert "dragoman_transcript_store_failures_total 2.0" in metrics.exposition().decode()

    caplog.set_level(logging.INFO)
    asyncio.run(main())
    assert [record.levelname for record in caplog.records if record.name == "server.transcripts"] == ["ERROR", "INFO"]


def test_of_more_lines_than_may_wait_the_oldest_are_lost_and_counted(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server.transcripts, "MOST_WAITING", 2)

    async def main() -> None:
        metrics = Metrics()
        kept = Transcripts(TranscriptStore(path), keep_s=900.0, metrics=metrics)
        with kept.session("7", JOB) as keep:
            for at_s, word in enumerate(("One.", "Two.", "Three.")):
                keep(said(word, at_s))
            assert [line.text for line in (await kept.read("7")).lines] == ["Two.", "Three."]
        assert 'dragoman_dropped_items_total{buffer="transcript lines"} 1.0' in metrics.exposition().decode()

    asyncio.run(main())
