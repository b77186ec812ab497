"""Languages and names that the stage was not told to be sure of, in speech of the shipped voices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import numpy as np
import pytest
import spoken

from asr.language_identification import LanguageLock
from asr.stage import RecognitionStage
from bench.live_speaker import pieces, speak
from server.load import Models
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import run_virtual
from streaming.engine import Model
from streaming.items import AudioChunk, Samples, Transcript
from streaming.local_engine import LocalEngine

pytestmark = pytest.mark.e2e

TERMS = ("Siobhan Kowalczyk", "Grafana", "Zephyrus", "Dragoman")


async def at_once(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
    """Takes no virtual time, so that what is recognised doesn't hang on how busy this machine is."""
    return model.run(batch), 0.0


def recognize(loaded: Models, samples: Samples, **options: object) -> list[Transcript]:
    """What the stage commits, in virtual time."""

    async def main() -> list[Transcript]:
        engine = LocalEngine(at_once, workers=1, observe=lambda name, size, seconds: None)
        stage = RecognitionStage(
            engine=engine,
            whisper=loaded.whisper,
            tokens=loaded.whisper.tokens,
            vad=loaded.voice_activity(),
            knobs=Knobs,
            **options,  # type: ignore[arg-type]
        )
        audio: Channel[AudioChunk] = Channel("audio", 512, "wait")
        transcripts: Channel[Transcript] = Channel("transcripts", 64, "wait")
        async with anyio.create_task_group() as running:
            running.start_soon(engine.run)
            running.start_soon(speak, pieces(samples, ASR_RATE_HZ // 10), audio)
            running.start_soon(stage.run, audio, transcripts)
            heard = [transcript async for transcript in transcripts if transcript.committed]
            running.cancel_scope.cancel()
        return heard

    return run_virtual(main())


def text(transcripts: list[Transcript]) -> str:
    return " ".join(word.text for transcript in transcripts for word in transcript.committed)


def test_an_undeclared_talk_is_written_in_its_languages_one_after_the_other(loaded: Models) -> None:
    portuguese = spoken.talk(loaded.voices, spoken.PORTUGUESE[:2], "pt", seed=3, fluent=True)
    english = spoken.talk(loaded.voices, spoken.ENGLISH[:2], "en", seed=4, fluent=True)
    heard = recognize(loaded, np.concatenate((portuguese, english)), language=LanguageLock(["en", "pt"]))
    in_language = {
        language: text([transcript for transcript in heard if transcript.language == language]).lower()
        for language in ("pt", "en")
    }
    assert [transcript.language for transcript in heard] == sorted(
        (transcript.language for transcript in heard), reverse=True
    )
    assert all(word in in_language["pt"] for word in ("dia", "reuni", "hospital", "cidade"))
    assert all(word in in_language["en"] for word in ("morning", "meeting", "hospital", "city"))


def test_a_name_is_written_as_the_terms_have_it(loaded: Models) -> None:
    sentence = "Please ask Siobhan Kowalczyk about the Grafana dashboard."
    talk = spoken.talk(loaded.voices, [sentence], "en", seed=5, fluent=True)
    assert "Kowalczyk" not in text(recognize(loaded, talk, language="en"))
    assert "Siobhan Kowalczyk" in text(recognize(loaded, talk, language="en", terms=TERMS))
