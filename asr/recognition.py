"""What recognition is asked and what it answers: all state travels with the request."""

from __future__ import annotations

from dataclasses import dataclass

from streaming.items import Samples


@dataclass(frozen=True, slots=True)
class RecognizeRequest:
    """A window of speech and the tokens that its transcript must begin with."""

    samples: Samples
    """16 kHz, at most 30 s"""
    language: str
    prefix: tuple[int, ...]
    """forced: the committed words that are still in the window"""
    max_new_tokens: int
    identify: tuple[str, ...] = ()
    """languages of which to tell how likely each one is"""
    terms: tuple[str, ...] = ()
    """names and words that the speaker may say: they are made likelier, as far as their tokens fit"""
    translate: bool = False
    """write English, whatever `language` is spoken"""


@dataclass(frozen=True, slots=True)
class Recognition:
    """The tokens of the window: the forced prefix, then the new ones."""

    tokens: tuple[int, ...]
    prefix_length: int
    end_s: tuple[float, ...]
    """where each token ends, seconds from the window's start, never falling"""
    no_speech_probability: float
    average_log_probability: float
    """over the new tokens; 0 where there are none"""
    probabilities: tuple[float, ...] = ()
    """of each new token"""
    languages: tuple[tuple[str, float], ...] = ()
    """the languages to identify with their probabilities, which sum to 1"""
