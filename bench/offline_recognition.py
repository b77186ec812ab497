"""The offline recogniser that streaming is held against."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from faster_whisper import WhisperModel

from asr.whisper import CPU_THREADS
from bench.recognition_run import RecognitionRun
from bench.word_latency import CommittedWord
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples, Word

_BEAM = 5


class OfflineRecognizer:
    """faster-whisper on whole clips, beam 5, with the time of every word."""

    def __init__(self, model: Path, language: str, *, timer: Callable[[], float] = time.perf_counter) -> None:
        """`model`: a folder in CTranslate2's format; `timer`: seconds of compute so far."""
        self._whisper = WhisperModel(str(model), device="cpu", compute_type="int8", cpu_threads=CPU_THREADS)
        self._language = language
        self._timer = timer

    def run(self, samples: Samples) -> RecognitionRun:
        """16 kHz mono. All words are committed when the whole clip has been heard and computed."""
        started = self._timer()
        words = self.align(samples)
        seconds = self._timer() - started
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
