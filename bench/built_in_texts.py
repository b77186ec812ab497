"""The texts of the built-in corpus: short talks written for this project, with translations.

`texts/LANGUAGE.tsv` has name, kind, voice, text and a reference translation (a fluent one where the text has fillers,
repeats and repairs); ` | ` separates two speakers' turns.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import cast, get_args

from streaming.errors import BadInput
from tts.voices import Gender

LANGUAGES = ("en", "pt")
"""each translated into the other"""
TEXTS = Path(__file__).with_name("texts")
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<!Mr\.)\s+")


@dataclass(frozen=True, slots=True)
class Text:
    """One line of the texts."""

    name: str
    kind: str
    genders: tuple[Gender, ...]
    """of the speakers, who take turns"""
    turns: tuple[str, ...]
    reference: str


def texts_file(language: str) -> Path:
    """Raises BadInput for a language without texts."""
    if language not in LANGUAGES:
        raise BadInput(f"the built-in corpus has no {language}; it speaks {', '.join(LANGUAGES)}")
    return TEXTS / f"{language}.tsv"


def read_texts(path: Path) -> list[Text]:
    """The lines of one language. Raises ValueError for a voice that is neither `female` nor `male`."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for row in rows:
        if not set(row["voice"].split()) <= set(get_args(Gender)):
            raise ValueError(f"{path.name}: {row['name']} has the voice {row['voice']!r}")
    return [
        Text(
            row["name"],
            row["kind"],
            cast("tuple[Gender, ...]", tuple(row["voice"].split())),
            tuple(row["text"].split(" | ")),
            row["reference"],
        )
        for row in rows
    ]


def sentences_of(text: str) -> list[str]:
    """Of a turn or a reference."""
    return _SENTENCE_END.split(text)


def sentence_pairs(source: str, target: str) -> list[tuple[str, str]]:
    """(sentence, its translation) of all texts, in order. Raises BadInput for languages without them."""
    if target not in LANGUAGES or target == source:
        raise BadInput(f"the built-in corpus has no translation into {target}")
    pairs: list[tuple[str, str]] = []
    for text in read_texts(texts_file(source)):
        sentences = [sentence for turn in text.turns for sentence in sentences_of(turn)]
        pairs += zip(sentences, sentences_of(text.reference), strict=True)
    return pairs
