"""Where the machine has no room, the previews of all sessions go before anybody's committed words."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import anyio
import pytest

from bench.live_speaker import speak
from clients.file import FileSource
from server.interpreter import Target
from server.load import Models
from server.speech_path import SpeechPath
from streaming.channel import Channel
from streaming.clock import run_virtual
from streaming.items import AudioChunk, ClausePlayed, Event, Transcript, Translation
from streaming.local_engine import LocalEngine, VirtualCores

pytestmark = pytest.mark.e2e


def translate(loaded: Models, talk: Path, *, busy: bool) -> tuple[list[Event], Counter[str]]:
    """All that the path tells, and how often each model was called, in virtual time."""
    calls: Counter[str] = Counter()

    async def main() -> list[Event]:
        engine = LocalEngine(VirtualCores(), workers=2, observe=lambda name, size, seconds: calls.update([name]))
        path = SpeechPath(engine=engine, models=loaded, source="en", targets=[Target("pt")], is_busy=lambda: busy)
        audio: Channel[AudioChunk] = Channel("audio", 512, "wait")
        events: Channel[Event] = Channel("events", 256, "wait")
        with FileSource(talk) as file:
            async with anyio.create_task_group() as running:
                running.start_soon(engine.run)
                running.start_soon(speak, file.chunks(), audio)
                running.start_soon(path.run, audio, events)
                told = [event async for event in events]
                running.cancel_scope.cancel()
        return told

    return run_virtual(main()), calls


def test_a_busy_machine_makes_no_previews_and_still_says_everything(loaded: Models, half_english_talk: Path) -> None:
    calm, calm_calls = translate(loaded, half_english_talk, busy=False)
    busy, busy_calls = translate(loaded, half_english_talk, busy=True)
    assert any(event.tentative for event in calm if isinstance(event, Translation))
    assert not any(event.tentative for event in busy if isinstance(event, Translation))
    assert busy_calls["whisper"] < 0.8 * calm_calls["whisper"]

    def committed(events: list[Event]) -> int:
        return sum(len(event.committed) for event in events if isinstance(event, Transcript))

    assert abs(committed(busy) - committed(calm)) <= 3
    assert sum(isinstance(event, ClausePlayed) for event in busy) >= 2
