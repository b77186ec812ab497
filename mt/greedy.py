"""Greedy decoding of one target, committed word by word: takes the logits of each step, runs no model.

A word is complete when the next token begins another one; that token isn't kept, so that the next call, which may know
more of the source, decides it anew. Where the model wants to end the target of an unfinished source, that is a READ:
nothing more is safe. Words that are due are written all the same, with `</s>` left out of the choice.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt

from mt.marian import Float32
from mt.term_guide import TermGuide

_MAX_LENGTH_RATIO = 2.5
"""target tokens for one source token: `max-length-factor` in the published models' settings"""
_LENGTH_SLACK = 8
_LONGEST_LOOP = 8
_MAX_COPIES = 3
"""a stretch of up to `_LONGEST_LOOP` tokens may stand this many times in a row ("não, não, não")"""


class Vocabulary(Protocol):
    """What decoding must know of the tokens; `mt.tokenizer.Tokenizer` has it."""

    end: int
    unknown: int
    starts_word: npt.NDArray[np.bool_]
    ends_sentence: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class TargetState:
    """The committed target of a sentence and where its decoder stands."""

    tokens: tuple[int, ...] = ()
    cells: Float32 | None = None
    """SSRU cells (layers, dim) after all tokens but the last; None before the first token"""


EMPTY_TARGET = TargetState()


@dataclass(frozen=True, slots=True)
class Goal:
    """When to stop: with the sentence if the source is final, else after so many words."""

    final: bool
    words: int
    """further target words to commit at most, if not final"""
    tentative_words: int
    """and how many to guess after them"""
    due: int = 0
    """of the words, so many whether they are safe or not"""
    read_above: float = 0.5
    """a word is safe while the probability of `</s>` in its place isn't above this"""


class GreedyTarget:
    """The target of one request while it grows: feed `last_token` and `cells` to the decoder until `done`."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        start: TargetState,
        goal: Goal,
        *,
        source_length: int,
        empty: Float32,
        guide: TermGuide,
    ) -> None:
        """`empty`: the cells (layers, dim) before the first token. `guide`: to the terms of the source."""
        self._vocabulary = vocabulary
        self._goal = goal
        self._guide = guide
        self._longest = int(_MAX_LENGTH_RATIO * source_length) + _LENGTH_SLACK
        self._start = len(start.tokens)
        self.tokens = list(start.tokens)
        self.cells = empty if start.cells is None else start.cells
        self._committed = TargetState(start.tokens, self.cells)
        self.boundaries = 0
        """words that are complete, of those to be added"""
        self.done = self._has_enough() or self._is_too_long()

    @property
    def end(self) -> int:
        return self._vocabulary.end

    @property
    def last_token(self) -> int:
        """-1: none yet"""
        return self.tokens[-1] if self.tokens else -1

    @property
    def committed(self) -> TargetState:
        return self._committed

    @property
    def tentative(self) -> Sequence[int]:
        """The tokens after the committed ones."""
        return self.tokens[len(self._committed.tokens) :]

    def advance(self, logits: Float32, cells: Float32) -> None:
        """Takes the logits (vocabulary,) after the last token, overwriting them, and the cells (layers, dim) there."""
        self.allow(logits)
        self.take(self._choose(logits), cells)

    def grown(self, token: int, cells: Float32) -> GreedyTarget:
        """A target of its own that goes on from this one with the token."""
        other = copy(self)
        other.tokens = list(self.tokens)
        other.take(token, cells)
        return other

    def take(self, token: int, cells: Float32) -> None:
        """Goes on with the token; `cells` (layers, dim) are those before it."""
        if token == self._vocabulary.end:
            self._finish()
            return
        if self._vocabulary.starts_word[token] and len(self.tokens) > self._start:
            self._pass_boundary()
            if self._has_enough():
                self.done = True
                return
        self.tokens.append(token)
        self.cells = cells
        if self._is_too_long():
            self._finish()

    def _has_enough(self) -> bool:
        return not self._goal.final and self.boundaries >= self._goal.words + self._goal.tentative_words

    def _is_too_long(self) -> bool:
        return len(self.tokens) >= self._longest

    def _pass_boundary(self) -> None:
        if self._goal.final or self.boundaries < self._goal.words:
            self._committed = TargetState(tuple(self.tokens), self.cells)
        self.boundaries += 1

    def _finish(self) -> None:
        """The model has no more to say: a final sentence is complete, an unfinished one needs a READ.

        The word before a READ is complete too, unless a final mark shows that the model took the source for complete.
        """
        self.done = True
        if self._goal.final:
            self._committed = TargetState(tuple(self.tokens), self.cells)
        elif len(self.tokens) > self._start and not self._vocabulary.ends_sentence[self.tokens[-1]]:
            self._pass_boundary()

    def allow(self, logits: Float32) -> None:
        """Leaves the logits (vocabulary,) of what may come next, favours a term that is due, bans the rest.

        Where a word is due, neither a READ nor the mark that closes a sentence may.
        """
        logits[self._vocabulary.unknown] = -np.inf
        self._guide.favour(logits, self.tokens)
        for token in loop_tokens(self.tokens):
            logits[token] = -np.inf
        if len(self.tokens) == self._start and self.tokens:
            self._begin_word(logits)
        complete = self.boundaries + (len(self.tokens) > self._start)
        if not self._goal.final and complete < self._goal.due:
            logits[self._vocabulary.end] = -np.inf
            logits[self._vocabulary.ends_sentence] = -np.inf

    def reads(self, logits: Float32) -> bool:
        """Whether, of what is allowed, the model would rather READ than write a word."""
        end_logit = float(logits[self._vocabulary.end])
        if self._goal.final or end_logit == -np.inf:
            return False
        return bool(1 / np.exp(logits - end_logit, dtype=np.float64).sum() > self._goal.read_above)

    def _choose(self, logits: Float32) -> int:
        end = self._vocabulary.end
        if self.reads(logits):
            return end
        if not self._goal.final:
            logits[end] = -np.inf
        return int(logits.argmax())

    def _begin_word(self, logits: Float32) -> None:
        """The last committed word is out and can't be continued: only `</s>` and what begins a word remain.

        In a final source a mark that would have closed the sentence closes it without the mark.
        """
        end = self._vocabulary.end
        if self._goal.final and self._vocabulary.ends_sentence[int(logits.argmax())]:
            logits[end] = np.inf
        kept = logits[end]
        logits[~self._vocabulary.starts_word] = -np.inf
        logits[end] = kept


def loop_tokens(tokens: Sequence[int]) -> list[int]:
    """The tokens that would complete one copy too many of the stretch that the target ends with."""
    banned = []
    for length in range(1, _LONGEST_LOOP + 1):
        needed = length * (_MAX_COPIES + 1) - 1
        tail = tokens[len(tokens) - needed :]
        if len(tokens) >= needed and all(tail[i] == tail[i + length] for i in range(needed - length)):
            banned.append(tail[length - 1])
    return banned
