"""One word of disfluent speech, and how many fluent words are complete with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

SENTENCE_ENDS = (".", "?", "!", "…", ":", ";")
_PARTS = re.compile(r"^(\W*)(.*?)(\W*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class SpokenWord:
    text: str
    adds: int = 0
    """fluent words whose final copy is complete with this one; 0 for fillers, reparanda and the like"""


def parts(text: str) -> tuple[str, str, str]:
    """Marks before, the word itself, marks after."""
    match = _PARTS.match(text)
    assert match is not None  # the pattern matches every text
    return match[1], match[2], match[3]


def core(text: str) -> str:
    """The word without marks around it, in lower case."""
    return parts(text)[1].lower()


def capitalised(text: str) -> str:
    before, word, after = parts(text)
    return before + word[:1].upper() + word[1:] + after


def like(word: str, model: str) -> str:
    """The word with the marks and the first capital of the model."""
    before, shown, after = parts(model)
    return before + (capitalised(word) if shown[:1].isupper() else word) + after


def without_empty(words: Iterable[SpokenWord]) -> list[SpokenWord]:
    """Words without text are dropped; what they add counts with the next fluent word, else with the last word."""
    kept: list[SpokenWord] = []
    owed = 0
    for word in words:
        if not word.text:
            owed += word.adds
            continue
        kept.append(replace(word, adds=word.adds + owed) if word.adds else word)
        owed = 0 if word.adds else owed
    if owed and kept:
        kept[-1] = replace(kept[-1], adds=kept[-1].adds + owed)
    return kept


def starts_sentence(words: Sequence[str], index: int) -> bool:
    return index == 0 or words[index - 1].endswith(SENTENCE_ENDS)
