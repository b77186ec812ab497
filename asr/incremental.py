"""Incremental recognition of one utterance: when to ask the model, what to ask, what of its answer is committed.

What is asked is fixed by the audio alone, never by when there was time to ask: the same speech gives the same words on
a fast and a slow machine, in real and in virtual time, as long as calls take less than a stride.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from asr.commit_policy import CommitPolicy
from asr.guard import HallucinationGuard
from asr.hypothesis import HypothesisWord, WordSplitter, new_words
from asr.language_identification import LanguageLock
from asr.recognition import Recognition, RecognizeRequest
from asr.speech_evidence import SpeechEvidence
from asr.window import RecognitionWindow
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples, Word

PAUSE_S = 0.3
"""silence after which a recognition has heard the last word whole: it is asked for at once, and nothing more until
speech goes on; where the utterance ends here, its last words wait for no further call"""
NEW_TOKENS_PER_S = 8.0
"""Whisper needs 3 to 6 tokens for a second of speech; loops are cut off here"""
SPARE_TOKENS = 6
SOFT_LONGEST_S = 12.0
"""a window that has grown to this is cut by committing more than the policy would"""
KEPT_UNHEARD_S = 2.0
"""what stays of such a window when there is nothing to commit"""
TRANSLATED_INTO = "en"
"""the one language that Whisper translates into"""


@dataclass(frozen=True, slots=True)
class Heard:
    """What one recognition adds."""

    committed: tuple[Word, ...]
    tentative: tuple[Word, ...]


class IncrementalRecognizer:
    """One utterance: audio and recognitions go in, words come out; positions are samples of the source stream."""

    def __init__(
        self,
        start: int,
        onset: int,
        *,
        lock: LanguageLock,
        translated: Collection[str],
        splitter: WordSplitter,
        policy: CommitPolicy,
        guard: HallucinationGuard,
        evidence: SpeechEvidence,
        terms: tuple[str, ...] = (),
    ) -> None:
        """Audio comes from `start` on, speech begins at `onset`: the first stride is counted from there.

        `translated`: the languages of which English is to be written.
        """
        self.language = lock.language
        """the one spoken"""
        self.spoke = False
        """words of this utterance were shown or committed"""
        self._splitter = splitter
        self._translated = translated
        self._policy = policy
        self._guard = guard
        self._lock = lock
        self._evidence = evidence
        self._terms = terms
        self._window = RecognitionWindow(start)
        self._speech_end = start
        self._to_hear = onset
        self._asked = (start, start)
        self._bound = 0
        """tokens asked for at most; 0 before the first request"""
        self._heard_until = onset
        self._ended = False
        self._anything_committed = False
        self._committed_end_s = 0.0
        self._rest: list[HypothesisWord] = []

    @property
    def dropped_s(self) -> float:
        """Audio given up because recognition was too far behind."""
        return self._window.dropped / ASR_RATE_HZ

    def hear(self, samples: Samples, *, speech_end: int, stride_s: float) -> None:
        """The next piece of the utterance; its last speech so far ended at `speech_end`."""
        self._window.push(samples)
        self._speech_end = max(self._speech_end, speech_end)
        unasked = self._window.end - self._to_hear
        if self._to_hear < self._pause and (unasked >= stride_s * ASR_RATE_HZ or self._window.end >= self._pause):
            self._to_hear = self._window.end

    def end(self) -> None:
        """The utterance has no more audio."""
        self._ended = True
        if self._to_hear < self._pause:
            self._to_hear = self._window.end

    @property
    def is_due(self) -> bool:
        """Whether to ask the model now."""
        return self._heard_until < self._to_hear

    @property
    def is_complete(self) -> bool:
        """The utterance has ended and there is nothing left to ask."""
        return self._ended and not self.is_due

    @property
    def translates(self) -> bool:
        """Whether the words are English for what is said in another language."""
        return self.language in self._translated

    @property
    def written_in(self) -> str:
        """The language of the words."""
        return TRANSLATED_INTO if self.translates else self.language

    @property
    def heard_s(self) -> float:
        """How far the model has heard, in seconds of the source stream."""
        return self._heard_until / ASR_RATE_HZ

    def request(self) -> RecognizeRequest:
        """The recognition to ask for; `push` or `fail` must come before the next one."""
        if not self._bound:
            self._lock.begin_utterance()
            self.language = self._lock.language
        audio = self._window.audio(self._to_hear)
        self._asked = (self._window.start, self._window.start + len(audio))
        unwritten_s = self._asked[1] / ASR_RATE_HZ - self._unwritten_from_s
        self._bound = int(max(0.0, unwritten_s) * NEW_TOKENS_PER_S) + SPARE_TOKENS
        return RecognizeRequest(
            audio,
            self.language,
            self._window.prefix,
            self._bound,
            self._lock.identify,
            self._terms,
            self.translates,
        )

    def push(self, recognition: Recognition) -> Heard:
        """The answer to the last request; where it was asked in the wrong way, the same audio is due again."""
        start, end = self._asked
        self._lock.push(dict(recognition.languages), self._evidence.clear_s(start / ASR_RATE_HZ, end / ASR_RATE_HZ))
        if self._lock.language != self.language:
            self._change_language()
            return Heard((), ())
        if self._terms and len(recognition.tokens) - recognition.prefix_length >= self._bound:
            self._terms = ()  # names in the prompt can set off a loop, and only loops reach the bound
            return Heard((), ())
        words = new_words(
            recognition,
            self._splitter,
            language=self.written_in,
            window_start_s=start / ASR_RATE_HZ,
            not_before_s=self._committed_end_s,
        )
        words = self._guard.push(words, recognition, first=not self._anything_committed, after=self._window.committed)
        committed = self._policy.push(words, audio_end_s=end / ASR_RATE_HZ) if self._lock.settled else []
        self._heard_until = end
        return self._settle(committed, words[len(committed) :])

    def flush(self) -> Heard:
        """All that is left of a complete utterance is committed."""
        return self._settle(self._policy.flush(self._rest), [])

    def fail(self) -> None:
        """The last request was not answered: its audio is given up, and so is what was tentative."""
        self._heard_until = self._asked[1]
        self._window.forget_before(self._heard_until)
        self._rest = []

    def _change_language(self) -> None:
        """What is committed stays as it is; what follows is recognised afresh."""
        self.language = self._lock.language
        if self._anything_committed:
            self._lock.begin_utterance()
            self._window.forget_before(int(self._committed_end_s * ASR_RATE_HZ))
        self._policy.flush([])
        self._rest = []

    @property
    def _unwritten_from_s(self) -> float:
        """Where the speech begins that new tokens may stand for; of a translation's, all that is in the window."""
        return self._window.start / ASR_RATE_HZ if self.translates else self._window.committed_end_s

    @property
    def _pause(self) -> int:
        return self._speech_end + int(PAUSE_S * ASR_RATE_HZ)

    @property
    def _is_too_long(self) -> bool:
        return self._heard_until - self._window.start >= SOFT_LONGEST_S * ASR_RATE_HZ

    def _settle(self, committed: list[HypothesisWord], rest: list[HypothesisWord]) -> Heard:
        self._window.commit(committed)
        if self._is_too_long:
            committed, rest = [*committed, *self._cut(rest)], rest[-1:]
        self._rest = rest
        if committed:
            self._committed_end_s = committed[-1].end_s
            self._anything_committed = True
        heard = Heard(_shown(committed), _shown(rest))
        self.spoke |= bool(heard.committed or heard.tentative)
        return heard

    def _cut(self, rest: list[HypothesisWord]) -> list[HypothesisWord]:
        """Commits all but the last word of a window that has grown too long, and shortens it in any case."""
        committed = rest[:-1]
        self._window.commit(committed)
        if self._is_too_long:
            self._window.forget_before(self._heard_until - int(KEPT_UNHEARD_S * ASR_RATE_HZ))
        return committed


def _shown(words: list[HypothesisWord]) -> tuple[Word, ...]:
    """Stray marks that came apart from their word are forced on the model but shown to nobody."""
    return tuple(word.word() for word in words if any(character.isalnum() for character in word.text))
