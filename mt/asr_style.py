"""Writes what was said as a speech recogniser may: without case and marks, in number words, with its usual errors."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mt.asr_words import WORDS, AsrWords
from mt.spoken_word import SENTENCE_ENDS, SpokenWord, capitalised, core, like, parts, without_empty

_MARKS_AROUND = re.compile(r"^[^\w$€£@#]+|[^\w%$€£-]+$")
_AROUND_NUMBERS = re.compile(r"^([\"'“‘(\[]*)(.*?)([\"'”’)\].,;:?!…]*)$")


@dataclass(frozen=True, slots=True)
class StyleRates:
    """How the recogniser writes, as probabilities; 0 leaves what was said as it is."""

    lower_case_per_sentence: float = 0.0
    """the whole sentence in lower case without marks"""
    dropped_apostrophe_per_sentence: float = 0.0
    """of those in lower case: "dont", "im" """
    number_words_per_sentence: float = 0.0
    """digits are written as words"""
    reduction_per_word: float = 0.0
    """of words that have one: "gonna", "tá" """
    confusion_per_word: float = 0.0
    """of words that have one: "their" for "there", "mas" for "mais" """
    deletion_per_word: float = 0.0
    """of unstressed function words: left out"""
    false_cut_per_word: float = 0.0
    """a full stop in the middle of the sentence, and a capital after it"""
    lost_mark_per_mark: float = 0.0
    """a mark that is left out, and the capital after it"""
    moved_mark_per_mark: float = 0.0
    """a comma or full stop one word too late"""


class AsrStyle:
    def __init__(self, language: str, rates: StyleRates) -> None:
        self._language = language
        self._words: AsrWords = WORDS[language]
        self._rates = rates

    def write(self, said: Sequence[SpokenWord], random: random.Random) -> list[SpokenWord]:
        """The words as the recogniser writes them; what a lost word adds counts with the next fluent word."""
        words = list(said)
        if random.random() < self._rates.number_words_per_sentence:
            words = [written for word in words for written in self._in_number_words(word)]
        words = self._reduced(words, random)
        words = [self._confused(word, random) for word in words]
        words = self._without_lost(words, random)
        if random.random() < self._rates.lower_case_per_sentence:
            return self._in_lower_case(words, random)
        return self._cut_wrongly(words, random)

    def _in_number_words(self, word: SpokenWord) -> list[SpokenWord]:
        match = _AROUND_NUMBERS.match(word.text)
        if match is None or not any(sign.isdecimal() for sign in match[2]):
            return [word]
        from mt.number_words import number_words  # needs num2words, which only training has

        numbers = number_words(match[2], self._language)
        if not numbers:
            return [word]
        numbers[0] = match[1] + numbers[0]
        numbers[-1] += match[3]
        return [*map(SpokenWord, numbers[:-1]), SpokenWord(numbers[-1], word.adds)]

    def _reduced(self, words: list[SpokenWord], random: random.Random) -> list[SpokenWord]:
        reduced: list[SpokenWord] = []
        index = 0
        while index < len(words):
            length = self._reducible(words, index)
            if not length or random.random() >= self._rates.reduction_per_word:
                reduced.append(words[index])
                index += 1
                continue
            taken = words[index : index + length]
            short = self._words.reductions[tuple(core(word.text) for word in taken)]
            text = like(short, taken[0].text) + (parts(taken[-1].text)[2] if length > 1 else "")
            reduced.append(SpokenWord(text, sum(word.adds for word in taken)))
            index += length
        return reduced

    def _reducible(self, words: list[SpokenWord], index: int) -> int:
        """How many words from here have a common short form; both fluent or both not, with no mark between."""
        for length in (2, 1):
            taken = words[index : index + length]
            if len(taken) < length or tuple(core(word.text) for word in taken) not in self._words.reductions:
                continue
            if length == 1 or (not parts(taken[0].text)[2] and bool(taken[0].adds) == bool(taken[1].adds)):
                return length
        return 0

    def _confused(self, word: SpokenWord, random: random.Random) -> SpokenWord:
        others = self._words.confusions.get(core(word.text), ())
        if not others or random.random() >= self._rates.confusion_per_word:
            return word
        return replace(word, text=like(random.choice(others), word.text))

    def _without_lost(self, words: list[SpokenWord], random: random.Random) -> list[SpokenWord]:
        last_fluent = max((index for index, word in enumerate(words) if word.adds), default=0)
        kept = [
            replace(word, text="") if index < last_fluent and self._is_lost(word, random) else word
            for index, word in enumerate(words)
        ]
        return without_empty(kept)

    def _is_lost(self, word: SpokenWord, random: random.Random) -> bool:
        return core(word.text) in self._words.lost and random.random() < self._rates.deletion_per_word

    def _in_lower_case(self, words: list[SpokenWord], random: random.Random) -> list[SpokenWord]:
        drops_apostrophes = random.random() < self._rates.dropped_apostrophe_per_sentence
        bare = [replace(word, text=_lowered(word.text, keeps_apostrophes=not drops_apostrophes)) for word in words]
        return without_empty(bare) or words

    def _cut_wrongly(self, words: list[SpokenWord], random: random.Random) -> list[SpokenWord]:
        texts = [word.text for word in words]
        for index in reversed(range(len(texts) - 1)):  # a moved mark isn't met again
            text, following = texts[index], texts[index + 1]
            marks = parts(text)[2]
            if not marks and random.random() < self._rates.false_cut_per_word:
                texts[index], texts[index + 1] = f"{text}.", capitalised(following)
            elif marks in (",", ".", "?", ";", ":") and random.random() < self._rates.lost_mark_per_mark:
                texts[index], texts[index + 1] = _joined(text, following)
            elif marks in (",", ".") and random.random() < self._rates.moved_mark_per_mark:
                texts[index], texts[index + 1] = _joined(text, following)
                if not parts(texts[index + 1])[2]:
                    texts[index + 1] += marks
        return [replace(word, text=text) for word, text in zip(words, texts, strict=True)]


def _joined(text: str, following: str) -> tuple[str, str]:
    """Without the mark between the two; the next word loses the capital that it had from a sentence's start."""
    is_end = text.endswith(SENTENCE_ENDS) and core(following) not in ("i", "i'm", "i've", "i'll", "i'd")
    return text.rstrip(",.?!;:"), following[:1].lower() + following[1:] if is_end else following


def _lowered(text: str, *, keeps_apostrophes: bool) -> str:
    """Without marks around it; what belongs to the word stays: "-" of a word broken off, "%", "$"."""
    kept = _MARKS_AROUND.sub("", text.lower())
    if not parts(kept)[1]:
        return ""
    return kept if keeps_apostrophes else kept.replace("'", "").replace("’", "")
