"""What was said and what was meant: pairs of disfluent and fluent text, in lower case without punctuation.

A translation of the disfluent side is scored against the full-sentence student's translation of the fluent side in its
written form: the translation of what was meant, as far as that model can.
"""

from __future__ import annotations

import csv
import random
import re
from dataclasses import dataclass
from pathlib import Path

from bench.built_in_texts import TEXTS
from streaming.errors import BadInput

MIN_WORDS, MAX_WORDS = 7, 25
"""of the disfluent side"""
_UNCLEAR = "$"
"""in some transcripts, before what the transcriber was not sure of"""
_CONTRACTIONS = (
    "im|i'm ive|i've id|i'd dont|don't didnt|didn't doesnt|doesn't isnt|isn't wasnt|wasn't arent|aren't werent|weren't "
    "cant|can't couldnt|couldn't wouldnt|wouldn't shouldnt|shouldn't havent|haven't hasnt|hasn't hadnt|hadn't "
    "wont|won't thats|that's theres|there's whats|what's its|it's hes|he's shes|she's theyre|they're youre|you're "
    "weve|we've youve|you've theyve|they've theyd|they'd youd|you'd youll|you'll theyll|they'll lets|let's"
)
_WRITTEN_OUT = dict(pair.split("|") for pair in _CONTRACTIONS.split())
_ENGLISH_I = re.compile(r"\bi\b")


@dataclass(frozen=True, slots=True)
class Pair:
    spoken: str
    fluent: str


def read_pairs(path: Path, *, limit: int | None = None, seed: int = 11) -> list[Pair]:
    """The pairs that differ and have 7 to 25 words, `limit` of them drawn by `seed`; columns spoken and fluent.

    Raises BadInput for a file that isn't such a table, or has no such pair.
    """
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} can't be read: {error}") from error
    if rows and rows[0] == ["spoken", "fluent"]:
        del rows[0]
    for number, row in enumerate(rows, start=1):
        if len(row) != 2:
            raise BadInput(f"{path.name}:{number}: {len(row)} columns instead of spoken and fluent")
    pairs = [Pair(spoken.strip(), fluent.strip()) for spoken, fluent in rows]
    pairs = [pair for pair in pairs if _is_usable(pair)]
    if not pairs:
        raise BadInput(f"{path.name} has no pair of {MIN_WORDS} to {MAX_WORDS} words that differ")
    return pairs if limit is None or limit >= len(pairs) else random.Random(seed).sample(pairs, limit)


def built_in_pairs(language: str) -> list[Pair]:
    """Raises BadInput for a language that has none."""
    path = TEXTS / f"disfluent.{language}.tsv"
    if not path.is_file():
        raise BadInput(f"there are no built-in disfluent pairs in {language!r}")
    return read_pairs(path)


def written(text: str, language: str) -> str:
    """A capital, a full stop and, in English, the apostrophes: "i dont know" -> "I don't know."."""
    if language == "en":
        text = " ".join(_WRITTEN_OUT.get(word, word) for word in text.split())
        text = _ENGLISH_I.sub("I", text)
    return f"{text[:1].upper()}{text[1:]}."


def _is_usable(pair: Pair) -> bool:
    length = len(pair.spoken.split())
    return (
        MIN_WORDS <= length <= MAX_WORDS
        and pair.spoken != pair.fluent
        and bool(pair.fluent)
        and _UNCLEAR not in pair.spoken
    )
