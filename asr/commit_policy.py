"""The interface of commit policies: which words of the newest hypothesis will never change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from asr.hypothesis import HypothesisWord


class CommitPolicy(Protocol):
    """Sees every hypothesis of one utterance after the other; what it commits is forced on the next hypotheses."""

    def push(self, words: Sequence[HypothesisWord], *, audio_end_s: float) -> list[HypothesisWord]:
        """The words to commit now, a prefix of `words` (those not committed yet)."""

    def flush(self, words: Sequence[HypothesisWord]) -> list[HypothesisWord]:
        """The utterance ended with these words not committed: the words to commit, and a fresh start."""
