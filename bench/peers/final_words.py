"""When each word became final, from accounts of the whole text so far."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from bench.word_latency import CommittedWord
from streaming.items import Word


class FinalWords:
    """Each word once, though every account repeats the words before it."""

    def __init__(self) -> None:
        self.committed: list[CommittedWord] = []

    def update(self, words: Sequence[Word], at_s: float) -> None:
        """`words`: all that are final at `at_s`. A word that was changed after all counts from its last change."""
        known, texts = [one.word.text for one in self.committed], [word.text for word in words]
        if texts[: len(known)] != known:
            blocks = SequenceMatcher(None, known, texts, autojunk=False).get_matching_blocks()
            kept = {b + i: self.committed[a + i] for a, b, size in blocks for i in range(size)}
        else:
            kept = dict(enumerate(self.committed))
        self.committed = [kept.get(i) or CommittedWord(word, at_s) for i, word in enumerate(words)]
