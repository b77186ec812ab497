"""The whole wiring of one speaker: audio in, every target language's text and voice out.

audio -> RecognitionStage -> transcripts -+-> events (captions)
                                          +-> SourceRouter: TranslationStage -> events
                                                    |-> SpeechStage -> PlayoutStage -> events     (per target)
Speech without a text model of its own leaves recognition as English: the English target speaks it, others translate it.
LatencyBudget reads what waits, sets the knobs that every stage reads. Targets come and go while the speaker speaks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import chain

import anyio
from anyio.abc import TaskGroup

from asr.language_identification import LanguageLock
from asr.observer import RecognitionObserver
from asr.stage import RecognitionStage
from mt.stage import TranslationStage
from mt.terminology import Terminology
from server.interpreter import Target
from server.load import Models
from server.source_router import PassThrough, SourceRouter, TranslatingStage
from streaming.audio import ASR_RATE_HZ
from streaming.budget import BALANCED, BudgetConfig, Knobs, LatencyBudget
from streaming.budget_watch import BudgetWatch
from streaming.channel import Channel
from streaming.clock import now
from streaming.engine import Engine
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.items import AudioChunk, ClauseSkipped, Event, Speech, Transcript, Translation
from streaming.playout import Playout, PlayoutStage
from streaming.skipping import Skipping
from streaming.trace import CaptureLog
from tts.stage import SpeechStage

_BUSY_STRIDE_S = 1.2
"""About half of Whisper's compute at 0.6 s (docs/baseline.md), for words that come 0.3 s later."""

_SPOKEN_TERMS = 12
"""About as many names as recognition's prompt takes (`asr.tokens.MOST_PROMPT_TOKENS`)."""


class SpeechPath:
    """One speaker's pipeline. Raises UnsupportedLanguage for a pair without models."""

    def __init__(
        self,
        *,
        engine: Engine,
        models: Models,
        source: str | None,
        targets: Sequence[Target],
        candidates: Sequence[str] = (),
        budget: BudgetConfig = BALANCED,
        observer: RecognitionObserver | None = None,
        terminology: Sequence[Terminology] = (),
        is_busy: Callable[[], bool] = lambda: False,
    ) -> None:
        """`is_busy`: the machine has no room for what is not committed work.

        `candidates`: what the speaker may speak, of which `source` is then a hint at most; none: `source` is it.

        `terminology`: one for a pair of languages at most. Recognition is told of the terms in `source`.
        """
        if len({target.language for target in targets}) < len(targets):
            raise BadInput("each target language can be asked for once")
        self._sources = tuple(candidates) or ((source,) if source else ())
        self._declared = None if candidates else source
        self._engine = engine
        self._models = models
        self._budget = budget
        self._terminology = terminology
        self._is_busy = is_busy
        self._captures = CaptureLog()
        self._lines: dict[str, _TargetLine] = {}
        self._group: TaskGroup | None = None
        """where lines run; None: not begun, or no more words will come"""
        self._events: Channel[Event] | None = None
        self.aim(targets)
        self._recognition = RecognitionStage(
            engine=engine,
            whisper=models.whisper,
            tokens=models.whisper.tokens,
            vad=models.voice_activity(),
            language=LanguageLock(self._sources, hint=source),
            translated=[spoken for spoken in self._sources if models.written_in(spoken) != spoken],
            terms=_spoken_terms(terminology, source),
            knobs=self._recognition_knobs,
            observer=observer,
        )

    def aim(self, targets: Sequence[Target]) -> None:
        """Translates into these languages and no others from now on; what is under way in the others is broken off.

        A voice can be asked for and given up in mid-sentence; gender and variant stay as they were first asked for.
        Raises UnsupportedLanguage.
        """
        wanted = {target.language: target for target in targets}
        for language in self._lines.keys() - wanted.keys():
            self._lines.pop(language).close()
        for language, target in wanted.items():
            if language in self._lines:
                self._lines[language].speaks = target.speak
                continue
            self._lines[language] = line = self._line(target)
            if self._group is not None and self._events is not None:
                self._group.start_soon(line.run, self._events, name=f"into {language}")

    async def run(self, audio: Channel[AudioChunk], events: Channel[Event]) -> None:
        """Ends when `audio` was closed and all of it is concluded and played; then closes `events`."""
        heard: Channel[AudioChunk] = Channel("recognition input", 512, "drop_oldest")
        transcripts: Channel[Transcript] = Channel("transcripts", 64, "wait")
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._capture, audio, heard, name="capture")
                group.start_soon(self._recognition.run, heard, transcripts, name="recognition")
                for line in self._lines.values():
                    group.start_soon(line.run, events, name=f"into {line.target.language}")
                self._group, self._events = group, events
                await self._fan_out(transcripts, events)
                self._group = None
        finally:
            events.close()

    def _line(self, target: Target) -> _TargetLine:
        if target.language == self._declared:
            raise UnsupportedLanguage(f"{target.language} is not translated into itself")
        return _TargetLine(
            self._engine,
            self._models,
            self._sources,
            target,
            LatencyBudget(self._budget),
            self._captures,
            {terms.source: terms for terms in self._terminology if terms.target == target.language},
            self._is_busy,
        )

    async def _capture(self, audio: Channel[AudioChunk], heard: Channel[AudioChunk]) -> None:
        async for chunk in audio:
            self._captures.push((chunk.start + len(chunk.samples)) / ASR_RATE_HZ, now())
            await heard.send(chunk)
        heard.close()

    async def _fan_out(self, transcripts: Channel[Transcript], events: Channel[Event]) -> None:
        async for transcript in transcripts:
            await events.send(transcript)
            for line in list(self._lines.values()):
                with suppress(anyio.BrokenResourceError):  # it was closed while it kept us waiting
                    await line.transcripts.send(transcript)
        for line in self._lines.values():
            line.transcripts.close()

    def _recognition_knobs(self) -> Knobs:
        """Recognition is shared: it does what the target that is furthest behind asks."""
        budgets = [line.budget for line in self._lines.values()]
        knobs = max(budgets, key=lambda budget: budget.level, default=LatencyBudget(self._budget)).knobs()
        return _without_previews(knobs) if self._is_busy() else knobs


class _TargetLine:
    """What one target language adds: translation, voice, playout and its own budget."""

    def __init__(
        self,
        engine: Engine,
        models: Models,
        sources: Sequence[str],
        target: Target,
        budget: LatencyBudget,
        captures: CaptureLog,
        terminology: Mapping[str, Terminology],
        is_busy: Callable[[], bool],
    ) -> None:
        """`terminology`: by the language that the source is written in."""
        self.target = target
        self.speaks = target.speak
        self.budget = budget
        self.transcripts: Channel[Transcript] = Channel(f"transcripts for {target.language}", 64, "wait")
        self._scope: anyio.CancelScope | None = None
        self._closed = False
        self._captures = captures
        self._terminology = terminology
        self._is_busy = is_busy
        skipping = Skipping(captures, budget.knobs)
        self._playout = Playout(captures, skipping)
        self._engine = engine
        self._written_in = {source: models.written_in(source) for source in sources}
        self._translators = {
            written: models.translator(written, target.language)
            for written in self._written_in.values()
            if written != target.language
        }
        self._speech = SpeechStage(
            engine=engine,
            voices=models.voices,
            language=target.language,
            gender=target.gender,
            variant=target.variant,
            knobs=budget.knobs,
            skipping=skipping,
            ahead_s=lambda: self._playout.backlog_s,
        )

    async def run(self, events: Channel[Event]) -> None:
        """Until the transcripts end and all is played, or `close`."""
        if self._closed:
            return
        translations: Channel[Translation] = Channel("translations", 64, "wait")
        texts: Channel[Translation] = Channel("texts to speak", 64, "wait")
        speech: Channel[Speech | ClauseSkipped] = Channel("speech", 1, "wait")
        router = SourceRouter(self._translating_stage)
        playout = PlayoutStage(self._playout, self.budget.knobs)
        budget = BudgetWatch(self.target.language, self.budget, self._playout, self._speech.schedule, self._captures)
        with anyio.CancelScope() as self._scope:
            async with anyio.create_task_group() as watch:
                watch.start_soon(budget.run, events, name="budget")
                async with anyio.create_task_group() as group:
                    group.start_soon(router.run, self.transcripts, translations, name="translation")
                    group.start_soon(self._caption, translations, events, texts, name="captions")
                    group.start_soon(self._speech.run, texts, speech, name="speech")
                    await playout.run(speech, events)
                watch.cancel_scope.cancel()
        self.transcripts.close_receiver()

    def close(self) -> None:
        """Nobody wants it any more."""
        if self._scope is not None:
            self._scope.cancel()
        self.transcripts.close_receiver()
        self._closed = True

    def _translating_stage(self, source: str) -> TranslatingStage:
        written = self._written_in[source]
        if written == self.target.language:
            return PassThrough(written, original=written == source)
        return TranslationStage(
            engine=self._engine,
            translator=self._translators[written],
            source=written,
            target=self.target.language,
            policy=self._translators[written].policy,
            knobs=self._translation_knobs,
            terms=self._terminology.get(written),
            marks_end=self._translators[written].marks_end,
        )

    def _translation_knobs(self) -> Knobs:
        return _without_previews(self.budget.knobs()) if self._is_busy() else self.budget.knobs()

    async def _caption(
        self, translations: Channel[Translation], events: Channel[Event], texts: Channel[Translation]
    ) -> None:
        """Captions first, and what was committed and translated on to the voice."""
        async for translation in translations:
            await events.send(translation)
            if self.speaks and not translation.original and (translation.committed or translation.sentence_end):
                await texts.send(translation)
        texts.close()


def _without_previews(knobs: Knobs) -> Knobs:
    """The committed work of all speakers goes before the tentative work of each, which a short stride is too."""
    return replace(knobs, tentative=False, stride_s=max(knobs.stride_s, _BUSY_STRIDE_S))


def _spoken_terms(terminology: Sequence[Terminology], source: str | None) -> tuple[str, ...]:
    spoken = (terms.glossary.spoken_terms(_SPOKEN_TERMS) for terms in terminology if terms.source == source)
    return tuple(dict.fromkeys(chain.from_iterable(spoken)))[:_SPOKEN_TERMS]
