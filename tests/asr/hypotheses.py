"""Hypothesis words and a word splitter for the tests: one token a word, written as in a list of strings."""

from __future__ import annotations

from asr.hypothesis import HypothesisWord
from asr.recognition import Recognition


def words(text: str, *, start_s: float = 0.0, word_s: float = 0.5) -> list[HypothesisWord]:
    """Words of equal length, one after the other."""
    return [
        HypothesisWord(word, (index,), start_s + index * word_s, start_s + (index + 1) * word_s)
        for index, word in enumerate(text.split())
    ]


def recognition(*, no_speech: float = 0.0, log_probability: float = -0.1) -> Recognition:
    """One that holds no tokens, for what looks at its probabilities."""
    return Recognition((), 0, (), no_speech, log_probability)


class NumberSplitter:
    """Token 7 is the word `w7`."""

    def split(self, tokens: tuple[int, ...], language: str) -> list[tuple[int, ...]]:
        return [(token,) for token in tokens]

    def text(self, tokens: tuple[int, ...]) -> str:
        return " ".join(f"w{token}" for token in tokens)
