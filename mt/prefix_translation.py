"""The translation of one sentence while it grows: what to ask of the model next, by wait-k and the glossary.

Sans-I/O: the translation stage and the text bench drive it alike.
"""

from __future__ import annotations

from collections.abc import Sequence

from mt.content_words import content_words
from mt.greedy import EMPTY_TARGET, TargetState
from mt.terminology import Match, Terminology
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK


class PrefixTranslation:
    """One sentence: `ask`, have the model answer, `take`, until the sentence is final."""

    def __init__(
        self, language: str, policy: WaitK, terms: Terminology | None = None, *, reads_marks: bool = True
    ) -> None:
        """`language` is the primary source language; `reads_marks`: the model was trained to read marked terms."""
        self._language = language
        self._policy = policy
        self._terms = terms
        self._reads_marks = reads_marks
        self._target: TargetState = EMPTY_TARGET
        self._target_words: list[str] = []
        self._words: list[str] = []
        self._matches: list[Match] = []
        self._k = 0
        self._untranslated_from = 0
        """the content word before which all are surely translated: the target has been written to within k words"""

    def ask(self, words: Sequence[str], *, final: bool, k: int, tentative_words: int = 0) -> TranslateRequest | None:
        """What to ask when so many words of the sentence are known; None: nothing may be written yet."""
        self._k = k
        self._words = content_words(words, self._language)
        if self._terms is not None:
            self._matches = self._terms.find(self._words, final=final)
            if not final:
                self._words = self._words[: self._terms.settled(self._words)]
        writable = self._policy.writable(len(self._words), k=k)
        written = len(self._target_words)
        request = TranslateRequest(
            source=self._source(),
            final=final,
            target=self._target,
            words=max(0, writable.allowed - written),
            tentative_words=0 if final else tentative_words,
            due=max(0, writable.due - written),
            read_above=self._policy.read_above,
        )
        return request if request.source and (final or request.words or tentative_words) else None

    def ask_again(self, result: TranslateResult) -> TranslateRequest | None:
        """The end of the sentence once more, where a term is missing in it: with its translation in its place.

        None where none is missing, or it stood in a part that has been translated already.
        """
        if self._terms is None or not self._reads_marks:
            return None
        text = " ".join((*self._target_words, *result.words))
        missing = [m for m in self._terms.missing(self._matches, text) if m.start >= self._untranslated_from]
        if not missing:
            return None
        return TranslateRequest(source=self._terms.replace(self._words, missing), final=True, target=self._target)

    def better(self, first: TranslateResult, second: TranslateResult) -> TranslateResult:
        """Of the answers to `ask` and `ask_again`, the one that lacks fewer terms."""
        assert self._terms is not None
        lacking = [
            len(self._terms.missing(self._matches, " ".join((*self._target_words, *result.words))))
            for result in (first, second)
        ]
        return second if lacking[1] < lacking[0] else first

    def take(self, result: TranslateResult) -> tuple[str, ...]:
        """The words that the answer adds to the target, for good."""
        if result.words:
            self._untranslated_from = max(0, len(self._words) - self._k)
        self._target = result.target
        self._target_words.extend(result.words)
        return result.words

    def _source(self) -> str:
        """The words as the model shall read them: terms marked, or by their translation where it knows no marks."""
        if self._terms is None:
            return " ".join(self._words)
        if self._reads_marks:
            return self._terms.annotate(self._words, self._matches)
        return self._terms.replace(self._words, self._matches)
