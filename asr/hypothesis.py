"""Words of a recognition: tokens grouped into whole words, with their place in the source stream."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from asr.recognition import Recognition
from streaming.items import Word

LONGEST_WORD_S = 1.2
"""the aligner gives a pause to the word after it: no word begins earlier than this before its end"""
_DASHES = "-‐–—"


class WordSplitter(Protocol):
    """Knows which tokens make a word."""

    def split(self, tokens: tuple[int, ...], language: str) -> list[tuple[int, ...]]:
        """The tokens of each word, punctuation with the word before it."""

    def text(self, tokens: tuple[int, ...]) -> str:
        """The tokens as text, white space kept."""


@dataclass(frozen=True, slots=True)
class HypothesisWord:
    """A recognised word that is not committed yet."""

    text: str
    """no white space around it, no dash before it; empty for dashes alone"""
    tokens: tuple[int, ...]
    start_s: float
    end_s: float
    """both: source stream"""
    probability: float = 1.0
    """of its least likely token, closing marks aside"""

    def word(self) -> Word:
        return Word(self.text, self.start_s, self.end_s)


def new_words(
    recognition: Recognition, splitter: WordSplitter, *, language: str, window_start_s: float, not_before_s: float = 0.0
) -> list[HypothesisWord]:
    """The words after the forced prefix, in order; none of them lies before `not_before_s` of the source stream."""
    position = recognition.prefix_length
    end_s = recognition.end_s[position - 1] if position else 0.0
    words = []
    for tokens in splitter.split(recognition.tokens[position:], language):
        previous_end_s = end_s
        unmarked = position + _spoken_length(tokens, splitter)
        spoken_end_s = recognition.end_s[unmarked - 1]
        new = slice(position - recognition.prefix_length, unmarked - recognition.prefix_length)
        position += len(tokens)
        end_s = recognition.end_s[position - 1]
        start_s = max(previous_end_s, spoken_end_s - LONGEST_WORD_S)
        words.append(
            HypothesisWord(
                _written(splitter.text(tokens)),
                tokens,
                max(not_before_s, window_start_s + start_s),
                max(not_before_s, window_start_s + spoken_end_s),
                min(recognition.probabilities[new], default=1.0),
            )
        )
    return words


def spoken(text: str) -> str:
    """The letters and digits alone, folded: what two hypotheses of one word share."""
    return "".join(character for character in text.casefold() if character.isalnum())


def _written(text: str) -> str:
    """Without white space, and without the hyphen that Whisper puts before a word it is unsure to join to the last."""
    bare = text.strip()
    dashless = bare.lstrip(_DASHES)
    return bare if dashless[:1].isdigit() else dashless


def _spoken_length(tokens: tuple[int, ...], splitter: WordSplitter) -> int:
    """How many tokens come before the closing marks: the aligner gives those the pause that follows the word."""
    length = len(tokens)
    while length > 1 and not any(character.isalnum() for character in splitter.text(tokens[length - 1 : length])):
        length -= 1
    return length
