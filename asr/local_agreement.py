"""LocalAgreement-2 commit policy (Liu et al. 2020): what two hypotheses in a row agree on is committed."""

from __future__ import annotations

from collections.abc import Sequence

from asr.hypothesis import HypothesisWord, spoken


class LocalAgreement:
    """Commits the longest common beginning of the last two hypotheses, case and punctuation aside."""

    def __init__(self) -> None:
        self._previous: list[str] = []

    def push(self, words: Sequence[HypothesisWord], *, audio_end_s: float) -> list[HypothesisWord]:
        texts = [spoken(word.text) for word in words]
        agreed = _common_prefix(self._previous, texts)
        self._previous = texts[agreed:]
        return list(words[:agreed])

    def flush(self, words: Sequence[HypothesisWord]) -> list[HypothesisWord]:
        self._previous = []
        return list(words)


def _common_prefix(left: Sequence[str], right: Sequence[str]) -> int:
    length = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        length += 1
    return length
