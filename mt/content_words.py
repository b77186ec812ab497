"""The words of a speaker that carry content: without fillers and immediate repeats.

Filled pauses and repetitions in the sense of Shriberg 1994, "Preliminaries to a Theory of Speech Disfluencies". The
word lists are written by hand and not tuned.
"""

from __future__ import annotations

from collections.abc import Sequence

_MARKS = "\"'“”‘’«»()[].,;:!?…-–—"
_FILLERS = {
    "en": frozenset({"uh", "uhh", "um", "umm", "uhm", "er", "erm", "hm", "hmm", "mm", "mmm", "mhm"}),
    # Without "um", the Portuguese article; "é" is a filler only where it is drawn out or set off.
    "pt": frozenset({"hum", "hm", "hmm", "hã", "hãã", "ã", "ahn", "ahm", "uhm", "uh", "eh", "ehn", "éé", "ééé"}),
}
_SET_OFF_FILLERS = {"pt": frozenset({"é"})}
_SET_OFF_BY = (",", "…", "...", "-", "–", "—")
_LONGEST_REPEAT = 4
"""words in a repeated stretch; longer ones are seldom a repair"""
_REPEATED_ON_PURPOSE = {
    "en": frozenset(
        {"very", "really", "so", "much", "more", "no", "yes", "yeah", "bye", "never", "long", "that", "had"}
    ),
    "pt": frozenset({"muito", "muita", "bem", "mais", "tão", "não", "sim", "tchau", "nunca", "logo", "já", "quase"}),
}


def content_words(words: Sequence[str], language: str) -> list[str]:
    """The words without fillers and without the first copy of what is said twice in a row."""
    kept: list[str] = []
    for word in words:
        if _is_filler(word, language):
            continue
        kept.append(word)
        _drop_repeat(kept, language)
    return kept


def bare(word: str) -> str:
    """The word without the punctuation around it, in lower case."""
    return word.strip(_MARKS).casefold()


def _is_filler(word: str, language: str) -> bool:
    if bare(word) in _FILLERS.get(language, ()):
        return True
    return bare(word) in _SET_OFF_FILLERS.get(language, ()) and word.endswith(_SET_OFF_BY)


def _drop_repeat(kept: list[str], language: str) -> None:
    """If the last words say again what the words before them said, drops the earlier copy but keeps its capital."""
    for length in range(1, min(_LONGEST_REPEAT, len(kept) // 2) + 1):
        first, second = kept[-2 * length : -length], kept[-length:]
        if [bare(word) for word in first] != [bare(word) for word in second] or not _is_repair(first, language):
            continue
        if first[0][:1].isupper():
            second[0] = second[0][:1].upper() + second[0][1:]
        kept[-2 * length :] = second
        return


def _is_repair(words: list[str], language: str) -> bool:
    """Numbers, and words such as "very, very", are said twice on purpose; so is what ended with a full stop."""
    if words[-1].endswith((".", "?", "!")) and not words[-1].endswith("..."):
        return False
    if any(not bare(word) or any(c.isdigit() for c in word) for word in words):
        return False
    return len(words) > 1 or bare(words[0]) not in _REPEATED_ON_PURPOSE.get(language, ())
