"""The recognition stage: one task cuts utterances out of the audio, another has the newest of it recognised."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Sequence
from typing import assert_never

import anyio

from asr.commit_policy import CommitPolicy
from asr.confirmed_align_att import ConfirmedAlignAtt
from asr.endpointing import UtteranceEnd, UtteranceStart
from asr.guard import HallucinationGuard
from asr.hypothesis import WordSplitter
from asr.incremental import Heard, IncrementalRecognizer
from asr.language_identification import LanguageLock
from asr.observer import RecognitionObserver
from asr.recognition import Recognition, RecognizeRequest
from asr.segmenter import Segmenter, SegmenterEvent, UtteranceAudio
from asr.vad import VoiceActivityDetector
from streaming.budget import ReadKnobs
from streaming.channel import Channel
from streaming.clock import now
from streaming.engine import Engine, Model
from streaming.items import AudioChunk, Transcript, Word

LONGEST_QUEUE = 8
"""utterances that wait at most; further behind, the oldest one not begun is dropped and counted"""

logger = logging.getLogger(__name__)


class RecognitionStage:
    """Speech of one speaker to a transcript, while it is spoken.

    `language`: the one declared for the stream, or what identifies it.
    `translated`: languages that Whisper translates into English (Radford et al. 2022) instead of writing them. A
    translation's alignment need not follow the order of the source, so LocalAgreement, which asks nothing of it, was
    tried too: the same quality on 14 Portuguese clips (chrF 57 both), its slowest words (p95) 0.3 s later, on longer
    clips 1 s. Languages of a very different order of words, such as Japanese, have not been tried.
    `terms`: names and words to expect, the most important ones first.
    """

    def __init__(
        self,
        *,
        engine: Engine,
        whisper: Model[RecognizeRequest, Recognition],
        tokens: WordSplitter,
        vad: VoiceActivityDetector,
        language: str | LanguageLock,
        knobs: ReadKnobs,
        new_policy: Callable[[], CommitPolicy] = ConfirmedAlignAtt,
        terms: Sequence[str] = (),
        translated: Collection[str] = (),
        observer: RecognitionObserver | None = None,
    ) -> None:
        self.failed_calls = 0
        self.dropped_utterances = 0
        self.dropped_s = 0.0
        """speech given up because recognition was too far behind"""
        self._engine = engine
        self._whisper = whisper
        self._tokens = tokens
        self._segmenter = Segmenter(vad)
        self.guard = HallucinationGuard(self._segmenter.evidence, terms)
        self._lock = LanguageLock([language]) if isinstance(language, str) else language
        self._terms = tuple(terms)
        self._knobs = knobs
        self._translated = frozenset(translated)
        self._new_policy = new_policy
        self._observer = observer
        self._told_dropped: Counter[str] = Counter()
        self._settled_on: str | None = None
        self._utterances: deque[IncrementalRecognizer] = deque()
        self._input_ended = False
        self._news = anyio.Event()

    async def run(self, inbox: Channel[AudioChunk], outbox: Channel[Transcript]) -> None:
        """Takes audio until the inbox ends, closes the outbox when all of it is recognised."""
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._ingest, inbox, name="asr: ingest")
                group.start_soon(self._recognize_all, outbox, name="asr: recognize")
        finally:
            outbox.close()

    async def _ingest(self, inbox: Channel[AudioChunk]) -> None:
        async for chunk in inbox:
            self._take(self._segmenter.push(chunk))
        self._take(self._segmenter.flush())
        self._input_ended = True
        self._news.set()

    def _take(self, events: list[SegmenterEvent]) -> None:
        for event in events:
            match event:
                case UtteranceStart():
                    self._begin(event)
                case UtteranceAudio():
                    self._utterances[-1].hear(
                        event.samples, speech_end=event.speech_end, stride_s=self._knobs().stride_s
                    )
                case UtteranceEnd():
                    self._utterances[-1].end()
                case _:
                    assert_never(event)
        if events:
            self._news.set()

    def _begin(self, began: UtteranceStart) -> None:
        if len(self._utterances) >= LONGEST_QUEUE:
            del self._utterances[1]  # the first one is being recognised
            self.dropped_utterances += 1
            logger.warning("recognition is behind: dropped an utterance")
        utterance = IncrementalRecognizer(
            began.start,
            began.onset,
            lock=self._lock,
            translated=self._translated,
            splitter=self._tokens,
            policy=self._new_policy(),
            guard=self.guard,
            evidence=self._segmenter.evidence,
            terms=self._terms,
        )
        self._utterances.append(utterance)

    async def _recognize_all(self, outbox: Channel[Transcript]) -> None:
        while True:
            self._news = anyio.Event()
            if self._utterances:
                utterance = self._utterances[0]
                if utterance.is_due:
                    await self._recognize(utterance, outbox)
                    continue
                if utterance.is_complete:
                    await self._conclude(utterance, outbox)
                    continue
            elif self._input_ended:
                return
            await self._news.wait()

    async def _recognize(self, utterance: IncrementalRecognizer, outbox: Channel[Transcript]) -> None:
        request = utterance.request()
        try:
            answer = await self._engine.call(self._whisper, request, deadline_s=now() + self._knobs().stride_s)
        except Exception as error:  # a failed segment is a gap, not the end of the session
            self.failed_calls += 1
            logger.warning("recognition failed, its audio is dropped: %s", error)
            utterance.fail()
            return
        heard = utterance.push(answer)
        if self._observer is not None:
            self._tell(self._observer)
        await self._send(utterance, heard, outbox)

    def _tell(self, observer: RecognitionObserver) -> None:
        """What is new since the last recognition."""
        for reason, count in (self.guard.dropped - self._told_dropped).items():
            observer.observe_dropped_words(reason, count)
        self._told_dropped = self.guard.dropped.copy()
        if not self._lock.settled:
            return
        if self._settled_on not in (None, self._lock.language):
            observer.observe_language_switch(self._settled_on, self._lock.language)
        self._settled_on = self._lock.language

    async def _conclude(self, utterance: IncrementalRecognizer, outbox: Channel[Transcript]) -> None:
        heard = utterance.flush()
        self._utterances.popleft()
        self.dropped_s += utterance.dropped_s
        if utterance.spoke:
            await outbox.send(_transcript(utterance, heard.committed, utterance_end=True))

    async def _send(self, utterance: IncrementalRecognizer, heard: Heard, outbox: Channel[Transcript]) -> None:
        tentative = heard.tentative if self._knobs().tentative else ()
        if heard.committed or utterance.spoke:
            await outbox.send(_transcript(utterance, heard.committed, tentative))


def _transcript(
    utterance: IncrementalRecognizer,
    committed: tuple[Word, ...],
    tentative: tuple[Word, ...] = (),
    *,
    utterance_end: bool = False,
) -> Transcript:
    return Transcript(
        utterance.written_in,
        committed,
        tentative,
        utterance_end=utterance_end,
        heard_s=utterance.heard_s,
        translated_from=utterance.language if utterance.translates else None,
    )
