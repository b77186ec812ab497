"""Makes fluent text sound like spontaneous speech that a recogniser wrote down, to train a translation model on.

Fillers, repetitions, substitutions and restarts in the sense of Shriberg 1994, "Preliminaries to a Theory of Speech
Disfluencies": reparandum, interregnum, repair.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import TypeVar

from mt.asr_style import AsrStyle
from mt.disfluency_rates import SPONTANEOUS, Rates
from mt.disfluency_words import WORDS
from mt.reparandum import Reparandum
from mt.spoken_word import SENTENCE_ENDS, SpokenWord, capitalised, core, parts, starts_sentence

_CLAUSE_ENDS = (",", *SENTENCE_ENDS)
_REPEAT_LENGTHS = {1: 80, 2: 16, 3: 4}
_RETRACE_LENGTHS = {0: 55, 1: 27, 2: 13, 3: 5}
_RESTART_LENGTHS = {2: 4, 3: 3, 4: 2, 5: 1}
_LONGEST_PARTIAL = 5
"""letters"""
_ALWAYS_CAPITAL = frozenset({"i", "i'm", "i've", "i'll", "i'd"})
_T = TypeVar("_T")
_COMMA_SHARE = 0.7
"""of the places where a written text would have a comma around a filler or an edit, those that get one"""


@dataclass(frozen=True, slots=True)
class Spoken:
    words: tuple[str, ...]
    """what was said, as the recogniser writes it"""
    said: tuple[int, ...]
    """for each of them, how many words of the text have their final copy complete by then"""


@dataclass(frozen=True, slots=True)
class _Edit:
    said: list[str]
    """reparandum and interregnum"""
    end: int
    """index after the last word of the repair"""


class Disfluency:
    def __init__(self, language: str, rates: Rates | None = None, *, substitutes: Sequence[str] = ()) -> None:
        """substitutes: words of the language, from which what is said by mistake may be drawn."""
        self._rates = SPONTANEOUS[language] if rates is None else rates
        self._words = WORDS[language]
        self._reparandum = Reparandum(language, substitutes)
        self._style = AsrStyle(language, self._rates.style)

    def speak(self, text: str, random: random.Random) -> Spoken:
        """The text as it might be said and recognised; the same seed gives the same speech."""
        said = self._say(text.split(), random)
        written = self._style.write(said, random)
        return Spoken(tuple(word.text for word in written), tuple(accumulate(word.adds for word in written)))

    def _say(self, fluent: list[str], random: random.Random) -> list[SpokenWord]:
        intensity = self._intensity(random)
        edits = self._substitutions(fluent, intensity, random)
        said: list[SpokenWord] = []
        free_from = 0
        for index, word in enumerate(fluent):
            ahead = self._before_clause(fluent, index, intensity, random)
            ahead += self._pauses(fluent, index, intensity, random)
            if edit := edits.get(index):
                ahead += edit.said
                free_from = edit.end
            elif index >= free_from:
                free = min((start for start in edits if start > index), default=len(fluent)) - index
                ahead += self._stumbles(fluent[: index + free], index, intensity, random)
            after = self._after(fluent, index, intensity, random)
            if ahead and starts_sentence(fluent, index):
                ahead[0] = capitalised(ahead[0])
                word = self._within(word)
            if after:
                after[-1] += parts(word)[2]
                word = _with_comma(word, random)
            said += [*map(SpokenWord, ahead), SpokenWord(word, 1), *map(SpokenWord, after)]
        return said

    def _intensity(self, random: random.Random) -> float:
        unevenness = self._rates.unevenness
        return random.gammavariate(1 / unevenness, unevenness) if unevenness else 1.0

    def _before_clause(self, fluent: list[str], index: int, intensity: float, random: random.Random) -> list[str]:
        """Restart and marker, those that chance gives."""
        if not self._starts_clause(fluent, index):
            return []
        said: list[str] = []
        if random.random() < self._rates.restart_per_clause * intensity:
            said += self._restart(fluent, index, random)
        if random.random() < self._rates.marker_per_clause * intensity:
            said += _set_off(_drawn(self._words.opening, random), random)
        return said

    def _pauses(self, fluent: list[str], index: int, intensity: float, random: random.Random) -> list[str]:
        """Marker and filled pause, those that chance gives."""
        is_start = self._starts_clause(fluent, index)
        said: list[str] = []
        if not is_start and random.random() < self._rates.marker_per_word * intensity:
            said += _set_off(_drawn(self._words.markers, random), random)
        more = self._rates.filled_pause_per_clause if is_start else 0.0
        if random.random() < (self._rates.filled_pause_per_word + more) * intensity:
            said += _set_off(_drawn(self._words.filled_pauses, random), random)
        return said

    def _stumbles(self, fluent: list[str], index: int, intensity: float, random: random.Random) -> list[str]:
        """Partial word or repetition."""
        weight = self._rates.function_words if core(fluent[index]) in self._words.function_words else 1.0
        if random.random() < self._rates.repetition_per_word * weight * intensity:
            return self._repetition(fluent, index, random)
        if random.random() < self._rates.partial_per_word * intensity:
            return self._partial(fluent[index], random)
        return []

    def _after(self, fluent: list[str], index: int, intensity: float, random: random.Random) -> list[str]:
        is_end = index == len(fluent) - 1 or self._starts_clause(fluent, index + 1)
        if not is_end or random.random() >= self._rates.closing_marker_per_clause * intensity:
            return []
        return _drawn(self._words.closing, random).split()

    def _starts_clause(self, fluent: list[str], index: int) -> bool:
        """After a comma only before a function word: elsewhere it is more likely a list's."""
        if starts_sentence(fluent, index):
            return True
        return fluent[index - 1].endswith(",") and core(fluent[index]) in self._words.function_words

    def _restart(self, fluent: list[str], index: int, random: random.Random) -> list[str]:
        """Two to five words of the sentence, or of another one, and then nothing more of it."""
        length = _drawn(_RESTART_LENGTHS, random)
        words = [self._within(word) for word in _stretch(fluent, index, length)]
        if random.random() >= self._rates.own_restart or len(words) < 2:
            words = random.choice(self._words.beginnings).split()[:length]
        return [*words[:-1], _broken(words[-1], random)]

    def _partial(self, word: str, random: random.Random) -> list[str]:
        shown = parts(self._within(word))[1]
        if len(shown) < 2 or not shown.isalpha():
            return []
        cut = shown[: random.randint(1, min(len(shown) - 1, _LONGEST_PARTIAL))]
        return [f"{cut}-" if random.random() < self._rates.partial_with_dash else cut]

    def _repetition(self, fluent: list[str], index: int, random: random.Random) -> list[str]:
        copy = [self._within(word) for word in _stretch(fluent, index, _drawn(_REPEAT_LENGTHS, random))]
        times = 2 if random.random() < self._rates.repeated_again else 1
        said: list[str] = []
        for _ in range(times):
            said += [*copy[:-1], _broken(copy[-1], random)]
        return said

    def _substitutions(self, fluent: list[str], intensity: float, random: random.Random) -> dict[int, _Edit]:
        """By the word where the repair starts."""
        edits: dict[int, _Edit] = {}
        free_from = 0
        for index, word in enumerate(fluent):
            weight = self._rates.sharp if self._is_sharp(fluent, index) else 1.0
            if random.random() >= self._rates.substitution_per_word * weight * intensity:
                continue
            start = _retrace_start(fluent, index, random)
            wrong = self._wrong(fluent, index, random)
            if not wrong or start < free_from:
                continue
            reparandum = [self._within(word) for word in [*fluent[start:index], wrong]]
            edits[start] = _Edit(reparandum[:-1] + self._given_up(reparandum[-1], random), index + 1)
            free_from = index + 1
        return edits

    def _given_up(self, wrong: str, random: random.Random) -> list[str]:
        """The wrong word and what leads over to the right one."""
        if random.random() >= self._rates.interregnum:
            return [_broken(wrong, random)]
        return [_with_comma(wrong, random), *_set_off(_drawn(self._words.editing, random), random)]

    def _wrong(self, fluent: list[str], index: int, random: random.Random) -> str:
        if _is_name(fluent, index):
            return self._reparandum.instead_of_name(fluent[index], random)
        return self._reparandum.instead_of(fluent[index], random)

    def _is_sharp(self, fluent: list[str], index: int) -> bool:
        return _is_name(fluent, index) or self._reparandum.is_sharp(fluent[index])

    def _within(self, word: str) -> str:
        """As inside a sentence: what may be a name keeps its capital."""
        if core(word) not in self._words.function_words or core(word) in _ALWAYS_CAPITAL:
            return word
        return word.lower()


def _drawn(weights: Mapping[_T, float], random: random.Random) -> _T:
    return random.choices([*weights], [*weights.values()])[0]


def _is_name(fluent: list[str], index: int) -> bool:
    """As far as the capital shows; acronyms aren't."""
    word = parts(fluent[index])[1]
    return word.istitle() and not starts_sentence(fluent, index) and word.lower() not in _ALWAYS_CAPITAL


def _stretch(fluent: list[str], index: int, length: int) -> list[str]:
    """Up to so many words from here, within the clause."""
    for end in range(index + 1, min(index + length, len(fluent)) + 1):
        if fluent[end - 1].endswith(_CLAUSE_ENDS):
            return fluent[index:end]
    return fluent[index : index + length]


def _retrace_start(fluent: list[str], index: int, random: random.Random) -> int:
    start = index
    for _ in range(_drawn(_RETRACE_LENGTHS, random)):
        if start == 0 or fluent[start - 1].endswith(_CLAUSE_ENDS):
            break
        start -= 1
    return start


def _with_comma(word: str, random: random.Random) -> str:
    bare = word.rstrip(".,;:?!…")
    return f"{bare}," if random.random() < _COMMA_SHARE else bare


def _broken(word: str, random: random.Random) -> str:
    """A word after which the speaker starts again."""
    bare = word.rstrip(".,;:?!…")
    return bare + random.choices((",", "", "-", "..."), (50, 35, 10, 5))[0]


def _set_off(term: str, random: random.Random) -> list[str]:
    words = term.split()
    words[-1] = _with_comma(words[-1], random)
    return words
