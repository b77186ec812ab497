"""The words of a speaker that carry content: without fillers and immediate repeats.

Filled pauses and repetitions in the sense of Shriberg 1994, "Preliminaries to a Theory of Speech Disfluencies". The
word lists are written by hand and not tuned.
"""

from __future__ import annotations

from collections.abc import Sequence

_MARKS = "\"'“”‘’«»()[].,;:!?…-–—"
_FILLERS = {
    # Without "mm", which is a unit more often.
    "en": frozenset({"uh", "uhh", "um", "umm", "uhm", "er", "erm", "hm", "hmm", "mmm", "mhm"}),
    # Without "um", the article.
    "pt": frozenset({"hum", "hm", "hmm", "hã", "hãã", "ã", "ahn", "ahm", "uhm", "uh", "eh", "ehn", "éé", "ééé"}),
}
_SET_OFF_FILLERS = {"pt": frozenset({"é"})}
"""verbs that are fillers where marks set them off on both sides: "fui, é, ontem", not "isso é, de fato"."""
_PAUSE_MARKS = (",", ".", ";", ":", "?", "!", "…", "-", "–", "—")
_LONGEST_REPEAT = 4
"""words in a repeated stretch; longer ones are seldom a repair"""
_ENGLISH_TWICE = "very really so much more no yes yeah bye never long that had"
_ENGLISH_DIGITS = "zero one two three four five six seven eight nine"
_PORTUGUESE_TWICE = "muito muita bem mais tão não sim tchau nunca logo já quase"
_PORTUGUESE_DIGITS = "zero dois duas três quatro cinco seis meia sete oito nove"
"""without "um" and "uma", articles more often than numbers"""
_REPEATED_ON_PURPOSE = {
    "en": frozenset(f"{_ENGLISH_TWICE} {_ENGLISH_DIGITS}".split()),
    "pt": frozenset(f"{_PORTUGUESE_TWICE} {_PORTUGUESE_DIGITS}".split()),
}


def content_words(words: Sequence[str], language: str) -> list[str]:
    """The words without fillers and without the first copy of what is said twice in a row."""
    kept: list[str] = []
    for previous, word in zip(("", *words), words, strict=False):
        if _is_filler(word, previous, language):
            continue
        kept.append(word)
        _drop_repeat(kept, language)
    return kept


def bare(word: str) -> str:
    """The word without the punctuation around it, in lower case."""
    return word.strip(_MARKS).casefold()


def _is_filler(word: str, previous: str, language: str) -> bool:
    if bare(word) in _FILLERS.get(language, ()):
        return not _is_acronym(word)
    is_set_off = word.endswith(_PAUSE_MARKS) and (not previous or previous.endswith(_PAUSE_MARKS))
    return is_set_off and bare(word) in _SET_OFF_FILLERS.get(language, ())


def _is_acronym(word: str) -> bool:
    """ER is a place, "er" is none; a single letter may only be the first of a sentence."""
    letters = word.strip(_MARKS)
    return len(letters) > 1 and letters.isupper()


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
