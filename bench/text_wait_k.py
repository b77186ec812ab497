"""Sentences of text through test-time wait-k as the translation stage runs it: a word read, a prefix encoded anew.

Each line of a test set counts as one sentence. Wait-k is Ma et al. 2019 (STACL); policy, filter and translator are the
product's own, only the clock is missing: delays count source words.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from itertools import islice

from mt.prefix_translation import PrefixTranslation
from mt.stage import TranslationModel
from mt.terminology import Terminology
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK

_Steps = Generator[TranslateRequest, TranslateResult, None]


@dataclass(frozen=True, slots=True)
class Written:
    """The translation of one sentence."""

    words: tuple[str, ...]
    delays: tuple[int, ...]
    """source words, fillers among them, that had been read when each was written"""

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True)
class TextRun:
    """A test set at one k."""

    sentences: tuple[Written, ...]
    """in the order of the source"""
    calls: int
    requests: int
    """steps of single sentences; a call answers several together"""
    seconds: float
    """wall time inside the translator"""


class TextWaitK:
    """One direction of one language pair."""

    def __init__(
        self,
        translator: TranslationModel,
        source: str,
        *,
        policy: WaitK,
        terms: Terminology | None = None,
        marks_end: bool = False,
    ) -> None:
        """`source` is the primary language; `marks_end` as in `mt.prefix_translation`."""
        self._translator = translator
        self._source = source
        self._policy = policy
        self._terms = terms
        self._marks_end = marks_end

    def run(self, sentences: Sequence[str], k: int | None) -> TextRun:
        """As many sentences together as the translator takes; k None: each is translated once it is complete."""
        written: list[list[tuple[str, int]]] = [[] for _ in sentences]
        waiting = (self._steps(text.split(), k, out) for text, out in zip(sentences, written, strict=True))
        open_steps: list[tuple[_Steps, TranslateRequest]] = []
        calls, requests, seconds = 0, 0, 0.0
        while True:
            # Sentences that end make room for the next ones, so that batches stay full.
            room = self._translator.max_batch - len(open_steps)
            open_steps += [(steps, next(steps)) for steps in islice(waiting, room)]
            if not open_steps:
                break
            started = time.perf_counter()
            results = self._translator.run([request for _, request in open_steps])
            seconds += time.perf_counter() - started
            calls, requests = calls + 1, requests + len(open_steps)
            open_steps = _answered(open_steps, results)
        return TextRun(tuple(map(_written, written)), calls, requests, seconds)

    def _steps(self, words: list[str], k: int | None, out: list[tuple[str, int]]) -> _Steps:
        """Asks for what may be written after each word, as `mt.stage` does, and the rest after the last."""
        translation = PrefixTranslation(self._source, self._policy, self._terms, marks_end=self._marks_end)
        for read in range(1 if k is not None else len(words), len(words) + 1):
            final = read == len(words)
            request = translation.ask(words[:read], final=final, k=k or len(words))
            if request is None:
                continue
            result = yield request
            out.extend((word, read) for word in translation.take(result))


def _answered(
    steps: Sequence[tuple[_Steps, TranslateRequest]], results: Sequence[TranslateResult]
) -> list[tuple[_Steps, TranslateRequest]]:
    """The next request of each sentence that isn't complete."""
    going_on = []
    for (one, _), result in zip(steps, results, strict=True):
        try:
            going_on.append((one, one.send(result)))
        except StopIteration:
            continue
    return going_on


def _written(words: Sequence[tuple[str, int]]) -> Written:
    return Written(tuple(text for text, _ in words), tuple(read for _, read in words))
