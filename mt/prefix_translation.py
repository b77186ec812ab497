"""The translation of one sentence while it grows: what to ask of the model next, by wait-k and the glossary.

Sans-I/O: the translation stage and the text bench drive it alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from mt.content_words import content_words
from mt.greedy import EMPTY_TARGET, TargetState
from mt.sentences import closed
from mt.terminology import Match, Terminology
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK


class PrefixTranslation:
    """One sentence: `ask`, have the model answer, `take`, until the sentence is final."""

    def __init__(
        self, language: str, policy: WaitK, terms: Terminology | None = None, *, marks_end: bool = False
    ) -> None:
        """`language` is the primary source language.

        `marks_end`: the model was tuned to take a source for complete where a mark ends it, and for a prefix elsewhere.
        """
        self._language = language
        self._policy = policy
        self._terms = terms
        self._marks_end = marks_end
        self._target: TargetState = EMPTY_TARGET
        self._target_words: list[str] = []
        self._words: list[str] = []
        self._matches: list[Match] = []

    def ask(self, words: Sequence[str], *, final: bool, k: int, tentative_words: int = 0) -> TranslateRequest | None:
        """What to ask when so many words of the sentence are known; None: nothing may be written yet."""
        self._words = content_words(words, self._language)
        if self._terms is not None:
            self._matches = self._terms.find(self._words, final=final)
            if not final:
                self._words = self._words[: self._terms.settled(self._words)]
        writable = self._policy.writable(len(self._words), k=k)
        written = len(self._target_words)
        request = TranslateRequest(
            source=self._source(final=final),
            final=final,
            target=self._target,
            words=max(0, writable.allowed - written),
            tentative_words=0 if final else tentative_words,
            due=max(0, writable.due - written),
            read_above=self._policy.read_above,
            terms=tuple(self._terms.translation(match) for match in self._matches) if self._terms else (),
        )
        return request if request.source and (final or request.words or tentative_words) else None

    def take(self, result: TranslateResult) -> tuple[str, ...]:
        """The words that the answer adds to the target, for good."""
        self._target = result.target
        self._target_words.extend(result.words)
        return result.words

    def _source(self, *, final: bool) -> str:
        """The words as the model shall read them: terms by their translation, a complete sentence with its mark."""
        words = closed(self._words) if final and self._marks_end else self._words
        return " ".join(words) if self._terms is None else self._terms.replace(words, self._matches)
