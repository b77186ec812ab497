"""French, for which there is no text model, through the whole path: heard as English, read as Portuguese."""

from __future__ import annotations

from collections.abc import Callable

import anyio
import numpy as np
import pytest

from bench.live_speaker import pieces, speak
from server.interpreter import Target
from server.load import Models
from server.speech_path import SpeechPath
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.channel import Channel
from streaming.clock import run_virtual
from streaming.items import AudioChunk, Event, Samples, SpeechFrame, Transcript, Translation
from streaming.local_engine import LocalEngine, VirtualCores
from tts.synthesis import SynthesizeRequest

pytestmark = pytest.mark.e2e

SENTENCE = "Le gouvernement va construire une nouvelle école dans la ville."


def french(loaded: Models) -> Samples:
    """16 kHz; Kokoro has a French voice, though none that the server offers."""
    kokoro = loaded.voices.choose("pt", "female").model
    silence = np.zeros(SPEECH_RATE_HZ, np.float32)
    voice = kokoro.run([SynthesizeRequest(SENTENCE, "fr", "ff_siwis", 1.0, True)])[0]
    return resample(np.concatenate((silence, voice, silence)), SPEECH_RATE_HZ, ASR_RATE_HZ)


def translate(loaded: Models, samples: Samples) -> list[Event]:
    """All that the path tells, in virtual time."""

    async def main() -> list[Event]:
        engine = LocalEngine(VirtualCores(), workers=2, observe=lambda name, size, seconds: None)
        targets = [Target("en"), Target("pt", speak=False)]
        path = SpeechPath(engine=engine, models=loaded, source="fr", targets=targets)
        audio: Channel[AudioChunk] = Channel("audio", 512, "wait")
        events: Channel[Event] = Channel("events", 256, "wait")
        async with anyio.create_task_group() as running:
            running.start_soon(engine.run)
            running.start_soon(speak, pieces(samples, ASR_RATE_HZ // 10), audio)
            running.start_soon(path.run, audio, events)
            told = [event async for event in events]
            running.cancel_scope.cancel()
        return told

    return run_virtual(main())


def test_french_is_heard_as_english_and_read_as_portuguese(
    loaded: Models, transcribe: Callable[[Samples, str], str]
) -> None:
    told = translate(loaded, french(loaded))
    assert {(one.language, one.translated_from) for one in told if isinstance(one, Transcript)} == {("en", "fr")}
    translations = [event for event in told if isinstance(event, Translation)]
    read = {
        language: " ".join(word.text for one in translations if one.language == language for word in one.committed)
        for language in ("en", "pt")
    }
    heard = transcribe(np.concatenate([event.samples for event in told if isinstance(event, SpeechFrame)]), "en")
    for word in ("government", "school", "city"):
        assert word in read["en"]
        assert word in heard
    assert all(word in read["pt"].lower() for word in ("governo", "escola", "cidade"))
