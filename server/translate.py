"""Translates one file through the very path that live sessions use, in virtual or real time."""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import anyio
import numpy as np
import soundfile

from mt.terminology import Terminology
from server.captions import Cue
from server.interpreter import Target, source_candidates
from server.load import Models
from server.media_file import read_audio
from server.speech_path import SpeechPath
from streaming.audio import ASR_RATE_HZ, FRAME_MS, SPEECH_RATE_HZ
from streaming.budget import BALANCED, BudgetConfig
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import (
    AudioChunk,
    BudgetChanged,
    ClausePlayed,
    ClauseSkipped,
    Event,
    Samples,
    SpeechFrame,
    Transcript,
    Translation,
    Word,
)
from streaming.local_engine import WORKERS, Execute, LocalEngine
from streaming.mixer import Mixer

_CHUNK = ASR_RATE_HZ * FRAME_MS // 1000


@dataclass(frozen=True, slots=True)
class ClauseReport:
    """What became of one clause; all times in seconds on the input's time line."""

    index: int
    source: str
    target: str
    source_start_s: float
    source_end_s: float
    committed_s: float
    played_s: float | None
    """None: it was skipped to catch up"""
    duration_s: float
    ear_voice_span_s: float | None


@dataclass(slots=True)
class Report:
    """What `dragoman translate --json` prints."""

    source_language: str | None
    """null where it was not declared: `source_languages` are those found"""
    target_language: str
    audio_s: float = 0.0
    start_offset_s: float | None = None
    """first translated speech minus the start of the first word to translate"""
    end_offset_s: float | None = None
    """end of the translated speech minus the end of the last word to translate"""
    compute_per_audio_second: float = 0.0
    compute_s: dict[str, float] = field(default_factory=dict)
    source_languages: list[str] = field(default_factory=list)
    """in the order in which they were first heard"""
    source_text: str = ""
    target_text: str = ""
    clauses: list[ClauseReport] = field(default_factory=list)
    budget_changes: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    def cues(self) -> list[Cue]:
        """A caption for each clause: shown when it is heard, or when its text was ready if it was skipped."""
        return [
            Cue(start, start + clause.duration_s, clause.source, clause.target)
            for clause in self.clauses
            for start in [clause.committed_s if clause.played_s is None else clause.played_s]
        ]


class FileTranslation:
    """One file through the path: `run` writes the translated speech and tells all about it."""

    def __init__(
        self,
        path: Path,
        out: Path,
        *,
        models: Models,
        source: str | None,
        target: Target,
        execute: Execute,
        progress: Callable[[float], None],
        terminology: Sequence[Terminology] = (),
        budget: BudgetConfig = BALANCED,
    ) -> None:
        """`source` None: it is found out. `progress` is called with the seconds of input taken so far.

        Raises UnsupportedLanguage for a pair without models.
        """
        self._path = path
        self._out = out
        self._progress = progress
        self._report = Report(source, target.language)
        self._engine = LocalEngine(execute, workers=WORKERS, observe=self._add_compute)
        self._speech_path = SpeechPath(
            engine=self._engine,
            models=models,
            source=source,
            targets=[target],
            candidates=() if source else source_candidates(models, [target.language]),
            terminology=terminology,
            budget=budget,
        )
        self._began_s = 0.0
        self._written = 0
        self._words: list[Word] = []
        self._translated: list[Word] = []
        """those of them that are not in the target language already"""
        self._outcomes: list[ClausePlayed | ClauseSkipped] = []

    async def run(self) -> Report:
        """Writes 24 kHz mono WAV, aligned on the input's time line. Raises BadInput when the file has no sound."""
        chunks = _rechunked(read_audio(self._path))
        first = next(chunks)  # a file without sound is refused before anything is written
        audio: Channel[AudioChunk] = Channel("file audio", 16, "wait")
        events: Channel[Event] = Channel("events", 256, "wait")
        with soundfile.SoundFile(self._out, "w", SPEECH_RATE_HZ, 1, "PCM_16", format="WAV") as speech:
            async with anyio.create_task_group() as engine:
                engine.start_soon(self._engine.run, name="engine")
                async with anyio.create_task_group() as group:
                    self._began_s = now()
                    group.start_soon(self._feed, itertools.chain([first], chunks), audio, name="file")
                    group.start_soon(self._speech_path.run, audio, events, name="speech path")
                    async for event in events:
                        self._take(event, speech)
                engine.cancel_scope.cancel()
            self._write_until(speech, int(self._report.audio_s * SPEECH_RATE_HZ))
        self._conclude()
        return self._report

    async def _feed(self, chunks: Iterable[Samples], audio: Channel[AudioChunk]) -> None:
        position = 0
        for samples in chunks:
            await anyio.sleep_until(self._began_s + (position + len(samples)) / ASR_RATE_HZ)
            await audio.send(AudioChunk(samples, position))
            position += len(samples)
            self._report.audio_s = position / ASR_RATE_HZ
            self._progress(self._report.audio_s)
        audio.close()

    def _take(self, event: Event, speech: soundfile.SoundFile) -> None:
        match event:
            case SpeechFrame():
                self._write_until(speech, round((event.at_s - self._began_s) * SPEECH_RATE_HZ))
                speech.write(event.samples)
                self._written += len(event.samples)
            case Transcript():
                original = event.translated_from is None
                words = [word if original else replace(word, text="") for word in event.committed]
                self._words.extend(words)
                if event.spoken_language != self._report.target_language:
                    self._translated.extend(words)
                if words and event.spoken_language not in self._report.source_languages:
                    self._report.source_languages.append(event.spoken_language)
            case ClausePlayed() | ClauseSkipped():
                self._outcomes.append(event)
            case BudgetChanged():
                change = {"at_s": now() - self._began_s, "level": event.level, "reason": event.reason}
                self._report.budget_changes.append(change)
            case Translation():
                pass  # its words come again in the clauses

    def _write_until(self, speech: soundfile.SoundFile, position: int) -> None:
        """Silence up to the sample `position`."""
        while self._written < position:
            silence = min(position - self._written, SPEECH_RATE_HZ)
            speech.write(np.zeros(silence, np.float32))
            self._written += silence

    def _clauses(self) -> Iterator[ClauseReport]:
        """In the order of the text. A clause's source is told by time: the words that ended since the previous one."""
        word_ends = [word.end_s for word in self._translated]
        told = 0
        for outcome in sorted(self._outcomes, key=lambda outcome: outcome.clause.index):
            clause = outcome.clause
            words = self._translated[told : bisect_right(word_ends, clause.source_end_s)]
            told += len(words)
            played = outcome if isinstance(outcome, ClausePlayed) else None
            yield ClauseReport(
                index=clause.index,
                source=_text(words),
                target=clause.text,
                source_start_s=clause.source_start_s,
                source_end_s=clause.source_end_s,
                committed_s=clause.committed_at_s - self._began_s,
                played_s=played.played_at_s - self._began_s if played else None,
                duration_s=played.duration_s if played else 0.0,
                ear_voice_span_s=played.ear_voice_span_s if played else None,
            )

    def _add_compute(self, model: str, batch_size: int, seconds: float) -> None:
        self._report.compute_s[model] = self._report.compute_s.get(model, 0.0) + seconds

    def _conclude(self) -> None:
        report = self._report
        report.clauses = list(self._clauses())
        report.source_text = _text(self._words)
        report.target_text = " ".join(clause.target for clause in report.clauses)
        report.compute_per_audio_second = sum(report.compute_s.values()) / report.audio_s
        played = [clause for clause in report.clauses if clause.played_s is not None]
        if played and self._translated:
            assert played[0].played_s is not None and played[-1].played_s is not None
            report.start_offset_s = played[0].played_s - self._translated[0].start_s
            report.end_offset_s = played[-1].played_s + played[-1].duration_s - self._translated[-1].end_s


def _text(words: Iterable[Word]) -> str:
    """Empty where recognition has translated what was said: nobody has written that."""
    return " ".join(word.text for word in words if word.text)


def _rechunked(parts: Iterator[Samples]) -> Iterator[Samples]:
    """The same samples in pieces of 20 ms, as a microphone gives them."""
    rest = np.zeros(0, np.float32)
    for part in parts:
        rest = np.concatenate([rest, part])
        whole = len(rest) // _CHUNK * _CHUNK
        for start in range(0, whole, _CHUNK):
            yield rest[start : start + _CHUNK]
        rest = rest[whole:]
    if len(rest):
        yield rest


def mix_over_original(original: Path, speech: Path) -> None:
    """Replaces the WAV `speech` by a mix of it over the ducked audio of `original`."""
    mixed = speech.with_name(speech.name + ".mixing")
    mixer = Mixer(SPEECH_RATE_HZ)
    with (
        soundfile.SoundFile(speech) as voice,
        soundfile.SoundFile(mixed, "w", SPEECH_RATE_HZ, 1, "PCM_16", format="WAV") as out,
    ):
        for block in read_audio(original, SPEECH_RATE_HZ):
            translated = voice.read(len(block), dtype="float32")
            out.write(mixer.mix(block, np.pad(translated, (0, len(block) - len(translated)))))
        while len(tail := voice.read(SPEECH_RATE_HZ, dtype="float32")):
            out.write(mixer.mix(np.zeros_like(tail), tail))
    mixed.replace(speech)
