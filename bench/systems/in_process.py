"""The product's own speech path in this process, in virtual or real time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, assert_never

import anyio
import numpy as np

from bench.corpus import Clip
from bench.events import BenchEvent, BudgetChanged, ClauseHeard, ClauseSkipped, ModelCall, SourceWord, TargetWord
from bench.live_speaker import speak
from bench.recording import Recording, Told
from clients.file import FileSource
from server.interpreter import Target
from server.load import Models
from server.speech_path import SpeechPath
from streaming import items
from streaming.audio import SPEECH_RATE_HZ
from streaming.budget import BALANCED, BudgetConfig
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.errors import first_error
from streaming.local_engine import WORKERS, Execute, LocalEngine, VirtualCores, in_thread


class InProcess:
    """Each clip is a session of its own."""

    def __init__(
        self,
        models: Models,
        source: str,
        target: str,
        *,
        realtime: bool = False,
        execute: Execute | None = None,
        keep: bool = True,
        budget: BudgetConfig = BALANCED,
        beside: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> None:
        """`execute` runs the models; the default takes real or virtual time. Raises nothing until `run`.

        `beside` runs along with the session, until that ends.
        Without `keep`, for hours of input, the recording has neither events nor speech: only `told` gets the events.
        """
        self.name = f"in process, {'real' if realtime else 'virtual'} time"
        self._models = models
        self._source = source
        self._target = target
        self._realtime = realtime
        self._execute = execute
        self._keep = keep
        self._budget = budget
        self._beside = beside

    def run(self, clip: Clip, told: Told) -> Recording:
        """Raises UnsupportedLanguage, and BadInput for a file that can't be read."""
        execute = self._execute or (in_thread if self._realtime else VirtualCores())
        session = _Session(Recording(clip, clip.seconds), told, keep=self._keep)
        running = self._stream(clip, session, execute)
        return asyncio.run(running) if self._realtime else run_virtual(running)

    async def _stream(self, clip: Clip, session: _Session, execute: Execute) -> Recording:
        engine = LocalEngine(execute, workers=WORKERS, observe=session.observe)
        path = SpeechPath(
            engine=engine, models=self._models, source=self._source, targets=[Target(self._target)], budget=self._budget
        )
        audio: Channel[items.AudioChunk] = Channel("clip audio", 16, "wait")
        events: Channel[items.Event] = Channel("events", 256, "wait")
        with first_error(), FileSource(clip.path) as file:
            async with anyio.create_task_group() as running:
                running.start_soon(engine.run, name="engine")
                if self._beside is not None:
                    running.start_soon(self._beside, name="beside")
                async with anyio.create_task_group() as group:
                    session.began_s = now()
                    group.start_soon(speak, file.chunks(), audio, name="clip")
                    group.start_soon(path.run, audio, events, name="speech path")
                    async for event in events:
                        session.take(event)
                running.cancel_scope.cancel()
        return session.concluded()


@dataclass(slots=True)
class _Session:
    """The path's events as the bench's, on the clip's clock."""

    recording: Recording
    told: Told
    keep: bool
    began_s: float = 0.0
    frames: list[tuple[float, items.Samples]] = field(default_factory=list)

    def observe(self, model: str, batch: int, seconds: float) -> None:
        """The engine's observer."""
        compute_s = self.recording.compute_s
        compute_s[model] = compute_s.get(model, 0.0) + seconds
        self._tell(ModelCall(model, batch, seconds, now() - self.began_s))

    def take(self, event: items.Event) -> None:
        at_s = now() - self.began_s
        match event:
            case items.Transcript():
                for word in event.committed:
                    self._tell(SourceWord(word.text, word.start_s, word.end_s, event.heard_s, at_s))
            case items.Translation():
                for target in event.committed:
                    self._tell(
                        TargetWord(target.text, target.source_start_s, target.source_end_s, target.heard_s, at_s)
                    )
            case items.SpeechFrame():
                if self.keep:
                    self.frames.append((event.at_s - self.began_s, event.samples))
            case items.ClausePlayed():
                self._tell(self._heard(event))
            case items.ClauseSkipped(clause=clause):
                self._tell(
                    ClauseSkipped(
                        clause.index, clause.text, clause.source_start_s, clause.source_end_s, event.reason, at_s
                    )
                )
            case items.BudgetChanged():
                self._tell(BudgetChanged(event.level, event.reason, at_s))
            case _:
                assert_never(event)

    def concluded(self) -> Recording:
        """With the speech laid out on the clip's clock."""
        if self.frames:
            last_s, last = self.frames[-1]
            speech = np.zeros(round(last_s * SPEECH_RATE_HZ) + len(last), np.float32)
            for at_s, samples in self.frames:
                begin = round(at_s * SPEECH_RATE_HZ)
                speech[begin : begin + len(samples)] = samples[: len(speech) - begin]
            self.recording.speech = speech
        return self.recording

    def _heard(self, played: items.ClausePlayed) -> ClauseHeard:
        clause = played.clause
        return ClauseHeard(
            index=clause.index,
            text=clause.text,
            source_start_s=clause.source_start_s,
            source_end_s=clause.source_end_s,
            heard_s=clause.heard_s,
            committed_s=clause.committed_at_s - self.began_s,
            at_s=played.played_at_s - self.began_s,
            duration_s=played.duration_s,
            told_span_s=played.ear_voice_span_s,
        )

    def _tell(self, event: BenchEvent) -> None:
        if self.keep:
            self.recording.events.append(event)
        self.told(event)
