"""A speech path of the real one's shape: every second of audio becomes a word and a beep, at once."""

from __future__ import annotations

from collections.abc import Sequence

import anyio
import numpy as np

from server.interpreter import Job, Target
from streaming.audio import ASR_RATE_HZ, SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import (
    AudioChunk,
    Clause,
    ClausePlayed,
    Event,
    SpeechFrame,
    TargetWord,
    Transcript,
    Translation,
    Word,
)

BEEP = (0.5 * np.sin(2 * np.pi * 440 * np.arange(SPEECH_RATE_HZ // 5) / SPEECH_RATE_HZ)).astype(np.float32)


class EchoPath:
    def __init__(self, job: Job) -> None:
        self.job = job
        self.aims = {language: language in job.spoken for language in job.targets}
        self.finished = False
        self.heard_s = 0.0

    def aim(self, targets: Sequence[Target]) -> None:
        self.aims = {target.language: target.speak for target in targets}

    async def run(self, audio: Channel[AudioChunk], events: Channel[Event]) -> None:
        heard = 0
        async for chunk in audio:
            assert chunk.start == heard
            for second in range(heard // ASR_RATE_HZ, (heard + len(chunk.samples)) // ASR_RATE_HZ):
                await self._say(second, events)
            heard += len(chunk.samples)
            self.heard_s = heard / ASR_RATE_HZ
        self.finished = True
        events.close()

    async def _say(self, index: int, events: Channel[Event]) -> None:
        word = Word(f"one{index}", index, index + 1)
        await events.send(Transcript(self.job.source or self.job.candidates[0], (word,)))
        for language, spoken in list(self.aims.items()):
            await events.send(Translation(language, (TargetWord(f"um{index}", index, index + 1),)))
            if spoken:
                clause = Clause(index, language, f"um{index}", index, index + 1, now(), True)
                await events.send(ClausePlayed(clause, now(), len(BEEP) / SPEECH_RATE_HZ, 0.25))
                for at in range(0, len(BEEP), SPEECH_FRAME):
                    starts = clause if at == 0 else None
                    ends = at + SPEECH_FRAME >= len(BEEP)
                    await events.send(SpeechFrame(language, BEEP[at : at + SPEECH_FRAME], now(), starts, ends))
                    await anyio.sleep(0.02)


class EchoInterpreter:
    """Opens `EchoPath`s from English to Portuguese and Spanish, of which Portuguese has a voice."""

    def __init__(self) -> None:
        self.paths: list[EchoPath] = []

    def source_languages(self) -> list[str]:
        return ["en"]

    def transcribed_languages(self) -> list[str]:
        return ["en"]

    def target_languages(self, source: str) -> list[str]:
        return ["pt", "es"]

    def spoken_languages(self) -> list[str]:
        return ["pt"]

    def open_path(self, job: Job) -> EchoPath:
        self.paths.append(EchoPath(job))
        return self.paths[-1]
