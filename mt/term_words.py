"""Text as terms are matched in it: words without the punctuation around them, those joined by hyphens apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MARKS = "\"'“”‘’«»()[].,;:!?…-–—"
_HYPHENS = str.maketrans("‐‑", "--")
_APOSTROPHES = ("'s", "’s")
_CLITICS = frozenset(
    {"se", "me", "te", "lhe", "lhes", "nos", "vos", "o", "a", "os", "as", "lo", "la", "los", "las", "no", "na", "nas"}
)
"""pronouns that a Portuguese verb carries behind a hyphen"""


@dataclass(frozen=True, slots=True)
class TermWords:
    """The parts of a text's words, in order. A `data-lake's` is the parts data, lake and 's."""

    parts: tuple[str, ...]
    """lower case"""
    written: tuple[str, ...]
    """the same as they were written"""
    words: tuple[int, ...]
    """the word that each part belongs to"""
    whole: tuple[str, ...]
    """the words themselves, lower case and without the marks around them"""
    begins: frozenset[int]
    """parts at which a term may begin: the first ones of their words"""
    ends: frozenset[int]
    """parts before which a term may end: with a word, or before what is only attached to it"""
    pauses: frozenset[int]
    """parts that marks set off from the part before them; the number of parts, if marks set off what may follow"""


def term_words(words: Sequence[str], language: str) -> TermWords:
    """Words of marks alone have no part, but set the next one off."""
    written: list[str] = []
    owners: list[int] = []
    begins, ends, pauses = set(), set(), set()
    pause = True
    for number, word in enumerate(words):
        core = word.strip(MARKS)
        if not core:
            pause = True
            continue
        begin = len(written)
        if pause or word[0] in MARKS:
            pauses.add(begin)
        stem, attached = _split(core, language)
        written += [*stem, *attached]
        owners += [number] * (len(stem) + len(attached))
        begins.add(begin)
        ends |= {begin + len(stem), len(written)}
        pause = word[-1] in MARKS
    if pause:
        pauses.add(len(written))
    return TermWords(
        tuple(part.casefold() for part in written),
        tuple(written),
        tuple(owners),
        tuple(word.strip(MARKS).casefold() for word in words),
        frozenset(begins),
        frozenset(ends),
        frozenset(pauses),
    )


def around(first: str, last: str, language: str) -> tuple[str, str]:
    """What stands around the parts of a term in its first and last words: marks, and what is attached to it."""
    core = last.strip(MARKS)
    attached = _split(core, language)[1]
    own = len(core) - sum(map(len, attached)) - (1 if language == "pt" and attached else 0)
    return first[: len(first) - len(first.lstrip(MARKS))], last[last.index(core) + own :]


def _split(core: str, language: str) -> tuple[list[str], list[str]]:
    """The parts of a word, and those that are only attached to it."""
    attached: list[str] = []
    if language == "en" and core.endswith(_APOSTROPHES) and len(core) > 2:
        core, attached = core[:-2], ["'s"]
    stem = [part for part in core.translate(_HYPHENS).split("-") if part]
    if language == "pt" and len(stem) > 1 and stem[-1].casefold() in _CLITICS:
        attached = [stem.pop()]
    return stem, attached
