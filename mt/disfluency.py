"""Makes fluent text sound like spontaneous speech that a recogniser wrote down, to train a translation model on.

Fillers, repetitions, substitutions and restarts in the sense of Shriberg 1994, "Preliminaries to a Theory of Speech
Disfluencies": reparandum, interregnum, repair.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from mt.asr_style import AsrStyle, StyleRates
from mt.disfluency_words import WORDS
from mt.reparandum import Reparandum
from mt.spoken_word import SENTENCE_ENDS, SpokenWord, capitalised, core, parts, starts_sentence

_CLAUSE_ENDS = (",", *SENTENCE_ENDS)
_REPEAT_LENGTHS = {1: 80, 2: 16, 3: 4}
_RETRACE_LENGTHS = {0: 55, 1: 27, 2: 13, 3: 5}
_RESTART_LENGTHS = {2: 4, 3: 3, 4: 2, 5: 1}
_COMMA_SHARE = 0.7
"""of the places where a written text would have a comma around a filler or an edit, those that get one"""


@dataclass(frozen=True, slots=True)
class Spoken:
    words: tuple[str, ...]
    """what was said, as the recogniser writes it"""
    said: tuple[int, ...]
    """for each of them, how many words of the text have their final copy complete by then"""


@dataclass(frozen=True, slots=True)
class Rates:
    """How much is said beside the text, as probabilities; 0 gives the text back."""

    unevenness: float = 0.0
    """variance of a sentence's intensity around 1 (gamma); the six rates after this one are multiplied by it"""
    filled_pause_per_word: float = 0.0
    marker_per_word: float = 0.0
    repetition_per_word: float = 0.0
    partial_per_word: float = 0.0
    substitution_per_word: float = 0.0
    restart_per_clause: float = 0.0
    filled_pause_at_start: float = 0.0
    """more of them before a clause: added to the rate per word"""
    marker_at_start: float = 0.0
    marker_at_end: float = 0.0
    sharp: float = 1.0
    """how many times as often numbers, dates, names and places are corrected"""
    function_words: float = 1.0
    """how many times as often function words are repeated"""
    repeated_again: float = 0.0
    """of the repetitions: said three times"""
    interregnum: float = 1.0
    """of the substitutions: with an editing term"""
    own_restart: float = 0.5
    """of the restarts: the sentence's own beginning"""
    partial_with_dash: float = 0.5
    style: StyleRates = field(default_factory=StyleRates)


SPONTANEOUS: Mapping[str, Rates] = {
    "en": Rates(
        unevenness=1.2,
        filled_pause_per_word=0.022,
        filled_pause_at_start=0.05,
        marker_per_word=0.012,
        marker_at_start=0.12,
        marker_at_end=0.04,
        repetition_per_word=0.013,
        function_words=2.0,
        repeated_again=0.12,
        partial_per_word=0.008,
        substitution_per_word=0.012,
        sharp=4.0,
        interregnum=0.65,
        restart_per_clause=0.04,
        style=StyleRates(
            lower_case_per_sentence=0.5,
            dropped_apostrophe_per_sentence=0.4,
            number_words_per_sentence=0.6,
            reduction_per_word=0.15,
            confusion_per_word=0.01,
            deletion_per_word=0.012,
            false_cut_per_word=0.006,
            lost_mark_per_mark=0.1,
            moved_mark_per_mark=0.03,
        ),
    ),
    "pt": Rates(
        unevenness=1.2,
        filled_pause_per_word=0.018,
        filled_pause_at_start=0.03,
        marker_per_word=0.015,
        marker_at_start=0.12,
        marker_at_end=0.08,
        repetition_per_word=0.011,
        function_words=2.0,
        repeated_again=0.1,
        partial_per_word=0.006,
        substitution_per_word=0.012,
        sharp=4.0,
        interregnum=0.65,
        restart_per_clause=0.04,
        style=StyleRates(
            lower_case_per_sentence=0.5,
            number_words_per_sentence=0.6,
            reduction_per_word=0.4,
            confusion_per_word=0.01,
            deletion_per_word=0.012,
            false_cut_per_word=0.006,
            lost_mark_per_mark=0.1,
            moved_mark_per_mark=0.03,
        ),
    ),
}


class Disfluency:
    def __init__(self, language: str, rates: Rates | None = None, *, substitutes: Sequence[str] = ()) -> None:
        """substitutes: words of the language, from which what is said by mistake may be drawn."""
        self._rates = SPONTANEOUS[language] if rates is None else rates
        self._words = WORDS[language]
        self._reparandum = Reparandum(language, substitutes)
        self._style = AsrStyle(language, self._rates.style)

    def speak(self, text: str, random: random.Random) -> Spoken:
        """The text as it might be said and recognised; the same seed gives the same speech."""
        fluent = text.split()
        said = self._say(fluent, random)
        written = self._style.write(said, random)
        return Spoken(tuple(word.text for word in written), tuple(accumulate(word.adds for word in written)))

    def _say(self, fluent: list[str], random: random.Random) -> list[SpokenWord]:
        intensity = self._intensity(random)
        before = self._substitutions(fluent, intensity, random)
        said: list[SpokenWord] = []
        for index, word in enumerate(fluent):
            ahead = self._before(fluent, index, intensity, random) + before.get(index, [])
            after = self._after(fluent, index, intensity, random)
            shown = _within(word) if ahead and starts_sentence(fluent, index) else word
            if ahead and starts_sentence(fluent, index):
                ahead[0] = capitalised(ahead[0])
            said += [SpokenWord(extra) for extra in ahead]
            said.append(SpokenWord(shown, 1))
            said += [SpokenWord(extra) for extra in after]
        return said

    def _intensity(self, random: random.Random) -> float:
        unevenness = self._rates.unevenness
        return random.gammavariate(1 / unevenness, unevenness) if unevenness else 1.0

    def _before(self, fluent: list[str], index: int, intensity: float, random: random.Random) -> list[str]:
        """Restart, marker, filled pause, partial word and repetition, those that chance gives, in this order."""
        rates, words = self._rates, self._words
        is_start = index == 0 or fluent[index - 1].endswith(_CLAUSE_ENDS)
        said: list[str] = []
        if is_start and random.random() < rates.restart_per_clause * intensity:
            said += self._restart(fluent, index, random)
        if is_start and random.random() < rates.marker_at_start * intensity:
            said += _set_off(_drawn(words.opening, random), random)
        elif not is_start and random.random() < rates.marker_per_word * intensity:
            said += _set_off(_drawn(words.markers, random), random)
        at_start = rates.filled_pause_at_start if is_start else 0.0
        if random.random() < (rates.filled_pause_per_word + at_start) * intensity:
            said += _set_off(_drawn(words.filled_pauses, random), random)
        if random.random() < rates.partial_per_word * intensity:
            said += self._partial(fluent[index], random)
        weight = rates.function_words if core(fluent[index]) in words.function_words else 1.0
        if random.random() < rates.repetition_per_word * weight * intensity:
            said += self._repetition(fluent, index, random)
        return said

    def _after(self, fluent: list[str], index: int, intensity: float, random: random.Random) -> list[str]:
        if not fluent[index].endswith(_CLAUSE_ENDS) and index < len(fluent) - 1:
            return []
        if random.random() >= self._rates.marker_at_end * intensity:
            return []
        marker = _drawn(self._words.closing, random).split()
        marker[-1] += parts(fluent[index])[2]
        return marker

    def _restart(self, fluent: list[str], index: int, random: random.Random) -> list[str]:
        length = _drawn_length(_RESTART_LENGTHS, random)
        own = _stretch(fluent, index, length)
        if random.random() >= self._rates.own_restart or len(own) < 2:
            own = random.choice(self._words.beginnings).split()[:length]
        return [*own[:-1], _broken(own[-1], random)]

    def _partial(self, word: str, random: random.Random) -> list[str]:
        shown = parts(word)[1]
        if len(shown) < 2 or not shown.isalpha():
            return []
        cut = shown[: random.randint(1, max(1, min(len(shown) - 1, 5)))]
        return [f"{cut}-" if random.random() < self._rates.partial_with_dash else cut]

    def _repetition(self, fluent: list[str], index: int, random: random.Random) -> list[str]:
        copy = _stretch(fluent, index, _drawn_length(_REPEAT_LENGTHS, random))
        times = 2 if random.random() < self._rates.repeated_again else 1
        said: list[str] = []
        for _ in range(times):
            said += [*map(_within, copy[:-1]), _broken(_within(copy[-1]), random)]
        return said

    def _substitutions(self, fluent: list[str], intensity: float, random: random.Random) -> dict[int, list[str]]:
        """What is said before the words where a repair starts: reparandum and editing term."""
        said: dict[int, list[str]] = {}
        free_from = 0
        for index, word in enumerate(fluent):
            weight = self._rates.sharp if self._is_sharp(fluent, index) else 1.0
            if random.random() >= self._rates.substitution_per_word * weight * intensity:
                continue
            wrong = self._reparandum.instead_of(word, random)
            if not wrong:
                continue
            start = _retrace_start(fluent, index, random)
            if start < free_from:
                continue
            reparandum = [*map(_within, fluent[start:index]), _within(wrong)]
            has_term = random.random() < self._rates.interregnum
            if has_term:
                reparandum[-1] = _with_comma(reparandum[-1], random)
                reparandum += _set_off(_drawn(self._words.editing, random), random)
            else:
                reparandum[-1] = _broken(reparandum[-1], random)
            said[start] = reparandum
            free_from = index + 1
        return said

    def _is_sharp(self, fluent: list[str], index: int) -> bool:
        is_name = fluent[index][:1].isupper() and not starts_sentence(fluent, index) and core(fluent[index]) != "i"
        return is_name or self._reparandum.is_sharp(fluent[index])


def _drawn(weights: Mapping[str, float], random: random.Random) -> str:
    return random.choices([*weights], [*weights.values()])[0]


def _drawn_length(weights: Mapping[int, float], random: random.Random) -> int:
    return random.choices([*weights], [*weights.values()])[0]


def _stretch(fluent: list[str], index: int, length: int) -> list[str]:
    """Up to so many words from here, within the clause."""
    for end in range(index + 1, min(index + length, len(fluent)) + 1):
        if fluent[end - 1].endswith(_CLAUSE_ENDS):
            return fluent[index:end]
    return fluent[index : index + length]


def _retrace_start(fluent: list[str], index: int, random: random.Random) -> int:
    start = index
    for _ in range(_drawn_length(_RETRACE_LENGTHS, random)):
        if start == 0 or fluent[start - 1].endswith(_CLAUSE_ENDS):
            break
        start -= 1
    return start


def _within(word: str) -> str:
    """As inside a sentence: in lower case unless it may be a name; the pronoun I stays."""
    is_plain = word[1:] == word[1:].lower() and core(word).split("'")[0] != "i"
    return word[:1].lower() + word[1:] if is_plain else word


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
