"""Recognition alone over hours of one stream: whether memory or lag grow, in virtual time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from math import ceil
from typing import Any

import anyio
import numpy as np

from asr.stage import RecognitionStage
from bench.distribution import percentiles_ms
from bench.memory_samples import EVERY_S, MemorySample, MemorySamples, own_memory_mb
from bench.recognition_run import listen
from bench.soak_figures import BIN_S, memory_trend, rounded, trend
from streaming.clock import run_virtual
from streaming.engine import Engine
from streaming.items import Samples, Transcript
from streaming.local_engine import WORKERS, Execute, LocalEngine, VirtualCores


class RecognitionSoak:
    """One stream and what is kept of it: two numbers a word and one a call, whatever its length."""

    def __init__(self, *, read_mb: Callable[[], float | None] = own_memory_mb, every_s: float = EVERY_S) -> None:
        """`read_mb`: resident memory, asked for every `every_s` of wall time."""
        self.memory: list[MemorySample] = []
        self.dropped: Counter[str] = Counter()
        """words that the guard took out, by reason"""
        self.dropped_s = 0.0
        """speech given up because recognition was too far behind"""
        self._read_mb = read_mb
        self._every_s = every_s
        self._words: list[tuple[float, float]] = []
        """when each was spoken, by the recogniser's own account, and how long after that it was committed"""
        self._calls: list[tuple[float, float]] = []
        """when each call ended on the stream's clock, and what it computed"""
        self._at_s = 0.0

    def run(
        self,
        chunks: Iterable[Samples],
        new_stage: Callable[[Engine], RecognitionStage],
        *,
        execute: Callable[[], Execute] = VirtualCores,
    ) -> None:
        """`chunks`: 16 kHz mono, fed at the pace of a live speaker; compute takes its time on the virtual clock."""
        with MemorySamples(self._read_mb, lambda: self._at_s, every_s=self._every_s) as memory:
            self.memory = memory.samples
            run_virtual(self._run(chunks, new_stage, execute))

    def figures(self, seconds: float) -> dict[str, Any]:
        """The summary and the figures of every five minutes; `seconds`: the stream's length."""
        rss_mb = [sample.rss_mb for sample in self.memory]
        lags = trend([end_s for end_s, _ in self._words], [late_s for _, late_s in self._words])
        return {
            "seconds": round(seconds, 1),
            "words": len(self._words),
            "word_latency_ms": percentiles_ms([late_s for _, late_s in self._words]),
            "lag_slope_s_per_min": rounded(lags, 1, digits=4),
            "compute_per_second": round(sum(spent_s for _, spent_s in self._calls) / seconds, 3),
            "rss_slope_mb_per_10_min": rounded(memory_trend(self.memory), 10, digits=2),
            "rss_mb": {"first": round(rss_mb[0], 1), "last": round(rss_mb[-1], 1), "max": round(max(rss_mb), 1)}
            if rss_mb
            else None,
            "dropped_words": dict(self.dropped),
            "dropped_s": round(self.dropped_s, 2),
            "bins": [self._bin(begin_s, seconds) for begin_s in range(0, ceil(seconds), BIN_S)],
        }

    async def _run(
        self, chunks: Iterable[Samples], new_stage: Callable[[Engine], RecognitionStage], execute: Callable[[], Execute]
    ) -> None:
        engine = LocalEngine(execute(), workers=WORKERS, observe=self._observe)
        stage = new_stage(engine)
        async with anyio.create_task_group() as running:
            running.start_soon(engine.run, name="engine")
            await listen(chunks, stage, self._take)
            running.cancel_scope.cancel()
        self.dropped, self.dropped_s = stage.guard.dropped, stage.dropped_s

    def _observe(self, _model: str, _size: int, seconds: float) -> None:
        self._at_s = max(self._at_s, anyio.current_time())
        self._calls.append((self._at_s, seconds))

    def _take(self, transcript: Transcript, at_s: float) -> None:
        self._words += [(word.end_s, at_s - word.end_s) for word in transcript.committed]

    def _bin(self, begin_s: int, seconds: float) -> dict[str, Any]:
        end_s = min(begin_s + BIN_S, seconds)
        late_s = [late for spoken_s, late in self._words if begin_s <= spoken_s < end_s]
        rss_mb = [sample.rss_mb for sample in self.memory if begin_s <= sample.at_s < end_s]
        latency = percentiles_ms(late_s)
        return {
            "from_min": begin_s // 60,
            "words": len(late_s),
            "word_latency_ms": {"p50": latency["p50"], "p95": latency["p95"]},
            "compute_per_second": round(
                sum(spent for at_s, spent in self._calls if begin_s <= at_s < end_s) / (end_s - begin_s), 3
            ),
            "rss_mb": round(float(np.median(rss_mb)), 1) if rss_mb else None,
        }
