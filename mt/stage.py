"""From committed source words to committed target words, sentence by sentence, at the pace of wait-k."""

from __future__ import annotations

from dataclasses import dataclass, field

import anyio

from mt.prefix_translation import PrefixTranslation
from mt.sentences import Piece, SentenceCutter
from mt.terminology import Terminology
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK
from streaming.budget import ReadKnobs
from streaming.channel import Channel
from streaming.clock import now
from streaming.engine import Engine, Model
from streaming.items import TargetWord, Transcript, Translation, Word

TranslationModel = Model[TranslateRequest, TranslateResult]

_DEADLINE_S = 0.25
"""how soon a call should run: its words already waited for recognition (not tuned)"""
_TENTATIVE_WORDS = 8
"""enough to fill the caption line that the listener is reading; each costs a step or two of the decoder"""


@dataclass(slots=True)
class _Sentence:
    """The sentence that is being translated."""

    translation: PrefixTranslation
    words: list[Word] = field(default_factory=list)
    heard_s: float = 0.0
    """how far the source was heard when the last of them came"""
    fresh_from_s: float | None = None
    """start of the first word read since the last target word"""
    rests_from_s: float = 0.0
    """the same, as it was for the last target words"""

    def read(self, words: tuple[Word, ...], heard_s: float) -> None:
        self.heard_s = heard_s
        if words and self.fresh_from_s is None:
            self.fresh_from_s = words[0].start_s
        self.words.extend(words)

    def write(self, words: tuple[str, ...]) -> tuple[TargetWord, ...]:
        if not words:
            return ()
        if self.fresh_from_s is not None:
            self.rests_from_s, self.fresh_from_s = self.fresh_from_s, None
        end_s = self.words[-1].end_s
        return tuple(TargetWord(text, self.rests_from_s, end_s, self.heard_s) for text in words)


class TranslationStage:
    """One target language of one speaker."""

    def __init__(
        self,
        *,
        engine: Engine,
        translator: TranslationModel,
        source: str,
        target: str,
        policy: WaitK,
        knobs: ReadKnobs,
        terms: Terminology | None = None,
        marks_end: bool = False,
    ) -> None:
        self._engine = engine
        self._translator = translator
        self._source = source
        self._target = target
        self._knobs = knobs
        self._policy = policy
        self._terms = terms
        self._marks_end = marks_end
        self._cutter = SentenceCutter()
        self._sentence = self._new_sentence()
        self._heard_s = 0.0

    async def run(self, inbox: Channel[Transcript], outbox: Channel[Translation]) -> None:
        """Translates until the inbox ends, then what is left of the last sentence, and closes the outbox."""
        try:
            async for first in inbox:
                for piece in self._cut([first, *_waiting(inbox)]):
                    await self._translate(piece, outbox)
            for piece in self._cutter.push((), pause=True):
                await self._translate(piece, outbox)
        finally:
            outbox.close()

    def _cut(self, transcripts: list[Transcript]) -> list[Piece]:
        """All the words together: those of several transcripts in one sentence make one piece, so one model call."""
        pieces: list[Piece] = []
        words: list[Word] = []
        for transcript in transcripts:
            self._heard_s = max(self._heard_s, transcript.heard_s)
            words.extend(transcript.committed)
            if transcript.utterance_end:
                pieces.extend(self._cutter.push(words, pause=True))
                words = []
        return pieces + self._cutter.push(words)

    async def _translate(self, piece: Piece, outbox: Channel[Translation]) -> None:
        sentence = self._sentence
        sentence.read(piece.words, self._heard_s)
        result = await self._answer(sentence, piece.ends)
        committed = sentence.write(sentence.translation.take(result)) if result else ()
        tentative = result.tentative if result else ""
        if piece.ends:
            self._sentence = self._new_sentence()
        if committed or tentative or piece.ends:
            await outbox.send(Translation(self._target, committed, tentative, sentence_end=piece.ends))

    async def _answer(self, sentence: _Sentence, ends: bool) -> TranslateResult | None:
        """What the model says to the words so far; None: it isn't asked."""
        knobs, translation = self._knobs(), sentence.translation
        words = [word.text for word in sentence.words]
        request = translation.ask(
            words, final=ends, k=knobs.k, tentative_words=_TENTATIVE_WORDS if knobs.tentative else 0
        )
        if request is None:
            return None
        return await self._engine.call(self._translator, request, deadline_s=now() + _DEADLINE_S)

    def _new_sentence(self) -> _Sentence:
        return _Sentence(PrefixTranslation(self._source, self._policy, self._terms, marks_end=self._marks_end))


def _waiting(inbox: Channel[Transcript]) -> list[Transcript]:
    """What has piled up in the inbox."""
    waiting = []
    while True:
        try:
            waiting.append(inbox.receive_nowait())
        except (anyio.WouldBlock, anyio.EndOfStream):
            return waiting
