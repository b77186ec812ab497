"""One speaker under load, simulated in virtual time: the real voice stage, playout, engine and enforcer; the models
only take time, on virtual cores that other work shares.

The times are those of docs/baseline.md on two cores: recognition takes 0.25 s of one core each stride, the voice 0.4 of
what it says on both, translation next to nothing. Each spreads by a third.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import anyio
import anyio.lowlevel
import numpy as np

from bench.overload import PHASES, begins_s
from streaming.audio import SPEECH_RATE_HZ
from streaming.budget import BudgetConfig, LatencyBudget
from streaming.budget_watch import BudgetWatch
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.items import BudgetChanged, ClausePlayed, ClauseSkipped, Event, Samples, Speech, TargetWord, Translation
from streaming.local_engine import WORKERS, LocalEngine, VirtualCores
from streaming.playout import Playout, PlayoutStage
from streaming.skipping import Skipping
from streaming.trace import CaptureLog
from tts.espeak import Espeak
from tts.stage import SpeechStage
from tts.synthesis import SynthesizeRequest
from tts.voices import Gender, Voice, Voices

_TEXTS = Path(__file__).parents[2] / "bench" / "texts" / "en.tsv"
_WORD_S = 0.36
"""of source speech, pauses between sentences apart: 165 words a minute"""
_PAUSE_S = (0.3, 1.4)
_RECOGNITION_S = 0.25
_VOICE_SHARE = 0.4
_CHARACTERS_PER_S = 15.0
_UNSURE_S = 0.4
"""the newest audio, whose words recognition doesn't commit yet"""
_CORES = 2


class SimulatedModel(Protocol):
    """A model and how long it takes."""

    name: str
    max_batch: int
    threads: int

    def run(self, batch: Sequence[Any]) -> Sequence[Any]: ...

    def seconds(self, results: Sequence[Any]) -> float:
        """Of an idle machine."""


class Recogniser:
    name, max_batch, threads = "recogniser", 1, 1

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng

    def run(self, batch: Sequence[None]) -> Sequence[None]:
        return batch

    def seconds(self, results: Sequence[None]) -> float:
        return _RECOGNITION_S * self._rng.uniform(0.67, 1.33)


class SpokenVoice(Voices):
    """Speaks at 15 characters a second."""

    name, max_batch, threads = "voice", 1, 2

    def __init__(self, rng: random.Random) -> None:
        super().__init__(Espeak())
        self._rng = rng

    def choose(self, language: str, gender: Gender | None = None, variant: int = 0) -> Voice:
        return Voice(self, "simulated")

    def run(self, batch: Sequence[SynthesizeRequest]) -> Sequence[Samples]:
        seconds = [len(r.text) / (_CHARACTERS_PER_S * r.tempo) * self._rng.uniform(0.85, 1.15) + 0.15 for r in batch]
        return [np.full(round(SPEECH_RATE_HZ * each), 0.1, np.float32) for each in seconds]

    def seconds(self, results: Sequence[Samples]) -> float:
        return _VOICE_SHARE * len(results[0]) / SPEECH_RATE_HZ * self._rng.uniform(0.67, 1.33)


@dataclass(slots=True)
class Heard:
    """What came of it, on the speaker's clock."""

    played: list[ClausePlayed] = field(default_factory=list)
    skipped: list[ClauseSkipped] = field(default_factory=list)
    changes: list[tuple[float, BudgetChanged]] = field(default_factory=list)

    def within(self, budget_s: float) -> float:
        """The share of what was played."""
        return sum(each.ear_voice_span_s <= budget_s for each in self.played) / len(self.played)

    def spoken(self) -> float:
        """The share of the text."""
        said, unsaid = (sum(len(each.clause.text) for each in events) for events in (self.played, self.skipped))
        return said / (said + unsaid)


@dataclass(frozen=True, slots=True)
class Spoken:
    word: str
    start_s: float
    end_s: float
    ends_sentence: bool


def talk(seconds: float, rng: random.Random) -> Iterator[Spoken]:
    """Words of the target language at the pace at which the source's are said."""
    with _TEXTS.open(encoding="utf-8", newline="") as lines:
        texts = [row["reference"] for row in csv.DictReader(lines, delimiter="\t")]
    at_s = 0.5
    while at_s < seconds:
        for text in rng.sample(texts, len(texts)):
            for word in text.split():
                end_s = at_s + _WORD_S * rng.uniform(0.5, 1.5)
                ends = word.endswith((".", "?", "!"))
                yield Spoken(word, at_s, end_s, ends)
                at_s = end_s + (rng.uniform(*_PAUSE_S) if ends else 0.0)


class SimulatedSpeaker:
    """`slowness`: of the machine, 1.0 = as in the baseline. `overload`: with the phases of `bench budget`."""

    def __init__(
        self, seconds: float, *, config: BudgetConfig, overload: bool, slowness: float = 1.0, seed: int = 0
    ) -> None:
        rng = random.Random(seed)
        self._seconds = seconds
        self._slowness = slowness
        self._overload = overload
        self._words = [word for word in talk(seconds, rng) if word.end_s < seconds]
        self._words[-1] = replace(self._words[-1], ends_sentence=True)
        self._cores = VirtualCores(_CORES)
        self._voice_takes = 1.0
        self._recogniser = Recogniser(rng)
        self._engine = LocalEngine(self._execute, workers=WORKERS, observe=lambda *_: None)
        self._captures = CaptureLog()
        self._budget = LatencyBudget(config)
        skipping = Skipping(self._captures, self._budget.knobs)
        self._playout = Playout(self._captures, skipping)
        self._speech = SpeechStage(
            engine=self._engine,
            voices=SpokenVoice(rng),
            language="pt",
            knobs=self._budget.knobs,
            skipping=skipping,
            ahead_s=lambda: self._playout.backlog_s,
        )

    def run(self) -> Heard:
        """Until all is played."""
        return run_virtual(self._run())

    async def _run(self) -> Heard:
        self._captures.push(self._seconds, self._seconds)
        texts: Channel[Translation] = Channel("texts", 64, "wait")
        speech: Channel[Speech | ClauseSkipped] = Channel("speech", 1, "wait")
        events: Channel[Event] = Channel("events", 64, "wait")
        heard = Heard()
        watch = BudgetWatch("pt", self._budget, self._playout, self._speech.schedule, self._captures)
        async with anyio.create_task_group() as beside:
            beside.start_soon(self._engine.run)
            beside.start_soon(watch.run, events)
            beside.start_soon(_take, events, heard)
            if self._overload:
                beside.start_soon(self._burn)
            async with anyio.create_task_group() as group:
                group.start_soon(self._translate, texts)
                group.start_soon(self._speech.run, texts, speech)
                await PlayoutStage(self._playout, self._budget.knobs).run(speech, events)
            await anyio.lowlevel.checkpoint()
            beside.cancel_scope.cancel()
        return heard

    async def _execute(self, model: SimulatedModel, batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        results = model.run(batch)
        seconds = self._slowness * model.seconds(results) * (self._voice_takes if model.name == "voice" else 1.0)
        await self._cores.spend(seconds, model.threads)
        return results, seconds

    async def _burn(self) -> None:
        burnt = 0
        for phase, begin_s in zip(PHASES, begins_s(self._seconds), strict=False):
            await anyio.sleep_until(begin_s)
            self._cores.keep_busy(phase.burnt - burnt)
            burnt, self._voice_takes = phase.burnt, 2.0 if phase.slowed else 1.0

    async def _translate(self, texts: Channel[Translation]) -> None:
        """Recognises once a stride and writes wait-k."""
        read = written = 0
        while written < len(self._words):
            due_s = now() + self._budget.knobs().stride_s
            heard_s = now()
            await self._engine.call(self._recogniser, None, deadline_s=due_s)
            while read < len(self._words) and self._words[read].end_s <= heard_s - _UNSURE_S:
                read += 1
            upto = self._writable(written, read, heard_s)
            for ends, piece in _sentences(self._words[written:upto]):
                source_end_s = self._words[read - 1].end_s if not ends else piece[-1].end_s
                committed = tuple(TargetWord(w.word, w.start_s, max(w.end_s, source_end_s), heard_s) for w in piece)
                await texts.send(Translation("pt", committed, sentence_end=ends))
            written = upto
            await anyio.sleep_until(due_s)
        texts.close()

    def _writable(self, written: int, read: int, heard_s: float) -> int:
        """Complete sentences whole, of the last all but k words."""
        ends = [n + 1 for n in range(written, read) if self._words[n].ends_sentence]
        whole = ends[-1] if ends else written
        return max(whole, min(read, max(written, read - self._budget.knobs().k)))


def _sentences(words: Sequence[Spoken]) -> Iterator[tuple[bool, list[Spoken]]]:
    piece: list[Spoken] = []
    for word in words:
        piece.append(word)
        if word.ends_sentence:
            yield True, piece
            piece = []
    if piece:
        yield False, piece


async def _take(events: Channel[Event], heard: Heard) -> None:
    async for event in events:
        match event:
            case ClausePlayed():
                heard.played.append(event)
            case ClauseSkipped():
                heard.skipped.append(event)
            case BudgetChanged():
                heard.changes.append((now(), event))
