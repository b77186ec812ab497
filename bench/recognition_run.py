"""Recognition by itself: the streaming stage in virtual time, and the offline recogniser that it is held against."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import anyio
from faster_whisper import WhisperModel

from asr.commit_policy import CommitPolicy
from asr.hypothesis import WordSplitter
from asr.recognition import Recognition, RecognizeRequest
from asr.stage import RecognitionStage
from asr.vad import VoiceActivityDetector
from bench.word_latency import CommittedWord
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.engine import Model
from streaming.items import AudioChunk, Samples, Transcript, Word
from streaming.local_engine import Execute, LocalEngine, VirtualCores

_CHUNK = ASR_RATE_HZ // 10
"""samples of 100 ms: what a client sends at a time"""
_BEAM = 5


@dataclass(slots=True)
class RecognitionRun:
    """What was recognised in one clip, in order."""

    words: list[CommittedWord] = field(default_factory=list)
    compute_s: float = 0.0

    @property
    def text(self) -> str:
        return " ".join(one.word.text for one in self.words)


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
        execute: Callable[[], Execute] = VirtualCores,
    ) -> None:
        """`language` is primary; what a clip needs afresh is made for it: `execute` makes what runs its model calls."""
        self._whisper = whisper
        self._tokens = tokens
        self._new_vad = new_vad
        self._language = language
        self._new_policy = new_policy
        self._execute = execute

    def run(self, samples: Samples) -> RecognitionRun:
        """`samples`: 16 kHz mono, fed at the pace of a live speaker. Compute takes its time on the virtual clock."""
        return run_virtual(self._stream(samples))

    async def _stream(self, samples: Samples) -> RecognitionRun:
        run = RecognitionRun()

        def observe(_model: str, _batch: int, seconds: float) -> None:
            run.compute_s += seconds

        engine = LocalEngine(self._execute(), workers=1, observe=observe)
        stage = self._stage(engine)
        audio: Channel[AudioChunk] = Channel("clip audio", 512, "wait")
        transcripts: Channel[Transcript] = Channel("transcripts", 64, "wait")
        began_s = now()
        async with anyio.create_task_group() as running:
            running.start_soon(engine.run, name="engine")
            async with anyio.create_task_group() as group:
                group.start_soon(_feed, samples, audio, name="clip")
                group.start_soon(stage.run, audio, transcripts, name="recognition")
                async for transcript in transcripts:
                    run.words += [CommittedWord(word, now() - began_s) for word in transcript.committed]
            running.cancel_scope.cancel()
        return run

    def _stage(self, engine: LocalEngine) -> RecognitionStage:
        return RecognitionStage(
            engine=engine,
            whisper=self._whisper,
            tokens=self._tokens,
            vad=self._new_vad(),
            language=self._language,
            knobs=Knobs,
            new_policy=self._new_policy,
        )


class OfflineRecognizer:
    """faster-whisper on whole clips, beam 5, with the time of every word."""

    def __init__(self, model: Path, language: str, *, threads: int = 2) -> None:
        """`model`: a folder in CTranslate2's format."""
        self._whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=threads)
        self._language = language

    def run(self, samples: Samples) -> RecognitionRun:
        """16 kHz mono. All words are committed when the whole clip has been heard and computed."""
        started = time.perf_counter()
        words = self.align(samples)
        seconds = time.perf_counter() - started
        at_s = len(samples) / ASR_RATE_HZ + seconds
        return RecognitionRun([CommittedWord(word, at_s) for word in words], seconds)

    def align(self, samples: Samples) -> list[Word]:
        """The words and when they were spoken."""
        segments, _ = self._whisper.transcribe(
            samples,
            language=self._language,
            beam_size=_BEAM,
            condition_on_previous_text=False,
            vad_filter=True,
            word_timestamps=True,
        )
        return [
            Word(word.word.strip(), float(word.start), float(word.end))
            for segment in segments
            for word in segment.words or ()
        ]


async def _feed(samples: Samples, audio: Channel[AudioChunk]) -> None:
    """Each chunk when its last sample has been spoken."""
    began_s = now()
    for start in range(0, len(samples), _CHUNK):
        chunk = samples[start : start + _CHUNK]
        await anyio.sleep_until(began_s + (start + len(chunk)) / ASR_RATE_HZ)
        await audio.send(AudioChunk(chunk, start))
    audio.close()
