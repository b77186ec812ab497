"""Recognition by itself: the streaming stage in virtual time, of one speaker or of several on one engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import anyio

from asr.commit_policy import CommitPolicy
from asr.hypothesis import WordSplitter
from asr.recognition import Recognition, RecognizeRequest
from asr.stage import RecognitionStage
from asr.vad import VoiceActivityDetector
from bench.live_speaker import pieces, speak
from bench.word_latency import CommittedWord
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs, ReadKnobs
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.engine import Engine, Model
from streaming.items import AudioChunk, Samples, Transcript
from streaming.local_engine import WORKERS, Execute, LocalEngine, VirtualCores

_CHUNK = ASR_RATE_HZ // 10
"""samples of 100 ms: what a client sends at a time"""


@dataclass(slots=True)
class RecognitionRun:
    """What was recognised in one clip, in order."""

    words: list[CommittedWord] = field(default_factory=list)
    compute_s: float = 0.0
    """several speakers' shares are equal: their calls may share a batch"""
    tentative: list[str] = field(default_factory=list)
    """words that were shown before they were committed or taken back, each time"""
    dropped: Counter[str] = field(default_factory=Counter)
    """words that the guard took out, by reason, each time"""

    @property
    def text(self) -> str:
        return " ".join(one.word.text for one in self.words)

    def take(self, transcript: Transcript, at_s: float) -> None:
        """What came at `at_s` seconds of the clip."""
        self.words += [CommittedWord(word, at_s) for word in transcript.committed]
        self.tentative += [word.text for word in transcript.tentative]


class StreamingRecognizer:
    """The product's recognition stage alone on one machine's cores."""

    def __init__(
        self,
        whisper: Model[RecognizeRequest, Recognition],
        tokens: WordSplitter,
        new_vad: Callable[[], VoiceActivityDetector],
        language: str,
        new_policy: Callable[[], CommitPolicy],
        *,
        knobs: ReadKnobs = Knobs,
        execute: Callable[[], Execute] = VirtualCores,
    ) -> None:
        """`language` is primary; what a clip needs afresh is made for it: `execute` makes what runs its model calls."""
        self._whisper = whisper
        self._tokens = tokens
        self._new_vad = new_vad
        self._language = language
        self._new_policy = new_policy
        self._knobs = knobs
        self._execute = execute

    def run(self, samples: Samples) -> RecognitionRun:
        """`samples`: 16 kHz mono, fed at the pace of a live speaker. Compute takes its time on the virtual clock."""
        return self.run_together([samples])[0]

    def run_together(self, clips: Sequence[Samples]) -> list[RecognitionRun]:
        """The same for speakers who all begin at once, one clip each."""
        return recognize_crowd(clips, self.stage, execute=self._execute).runs

    def stage(self, engine: Engine) -> RecognitionStage:
        """One speaker's, afresh."""
        return RecognitionStage(
            engine=engine,
            whisper=self._whisper,
            tokens=self._tokens,
            vad=self._new_vad(),
            language=self._language,
            knobs=self._knobs,
            new_policy=self._new_policy,
        )


@dataclass(slots=True)
class Crowd:
    """What was recognised of every speaker, in order."""

    runs: list[RecognitionRun] = field(default_factory=list)
    compute_s: float = 0.0
    batches: list[int] = field(default_factory=list)
    """size of each batch that ran, in order"""


def recognize_crowd(
    clips: Sequence[Samples],
    new_stage: Callable[[Engine], RecognitionStage],
    *,
    workers: int = WORKERS,
    execute: Callable[[], Execute] = VirtualCores,
) -> Crowd:
    """`clips`: 16 kHz mono, one a speaker; all begin at once, which is the hardest case.

    Each is fed at the pace of a live speaker; compute takes its time on the virtual clock, from all of them.
    """
    return run_virtual(_recognize(clips, new_stage, workers, execute))


async def _recognize(
    clips: Sequence[Samples],
    new_stage: Callable[[Engine], RecognitionStage],
    workers: int,
    execute: Callable[[], Execute],
) -> Crowd:
    crowd = Crowd([RecognitionRun() for _ in clips])

    def observe(_model: str, batch: int, seconds: float) -> None:
        crowd.compute_s += seconds
        crowd.batches.append(batch)

    engine = LocalEngine(execute(), workers=workers, observe=observe)
    async with anyio.create_task_group() as running:
        running.start_soon(engine.run, name="engine")
        async with anyio.create_task_group() as speakers:
            for index, (samples, run) in enumerate(zip(clips, crowd.runs, strict=True)):
                stage = new_stage(engine)
                run.dropped = stage.guard.dropped
                speakers.start_soon(listen, pieces(samples, _CHUNK), stage, run.take, name=f"speaker {index}")
        running.cancel_scope.cancel()
    for run in crowd.runs:
        run.compute_s = crowd.compute_s / len(crowd.runs)
    return crowd


async def listen(chunks: Iterable[Samples], stage: RecognitionStage, take: Callable[[Transcript, float], None]) -> None:
    """One speaker from now on: `take` gets each transcript and when it came, in seconds of the speaker's stream."""
    audio: Channel[AudioChunk] = Channel("clip audio", 512, "wait")
    transcripts: Channel[Transcript] = Channel("transcripts", 64, "wait")
    began_s = now()
    async with anyio.create_task_group() as group:
        group.start_soon(speak, chunks, audio, name="clip")
        group.start_soon(stage.run, audio, transcripts, name="recognition")
        async for transcript in transcripts:
            take(transcript, now() - began_s)
