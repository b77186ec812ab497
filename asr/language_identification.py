"""Which language a speaker speaks: a belief that every utterance moves and that none of them moves lightly.

Until it is sure it is a sequential probability ratio test (Wald 1945): log-probabilities are summed until one language
is likely enough. From then on the language is locked: contrary evidence is summed against the lock, and at each pause
half of it is forgotten, so that only what comes at once or again and again gives the lock up. The evidence is Whisper's
own identification (Radford et al. 2022, section 2.3). It is sure of itself even on half a second, and then mostly says
English, so it counts in proportion to the speech that it rests on. With the numbers below a lock is held against a
short "ok" and against noise, and given up within one clear utterance of 3 to 4 s or at the second clear one of 2 s.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

LOCK_PROBABILITY = 0.99
"""of a locked language, and of one that the client named as a hint, before an utterance is heard"""
LEAST_PROBABILITY = 0.01
"""one look is never surer than this against a language"""
WHOLE_SPEECH_S = 2.0
"""speech whose log-probabilities count once; half as much counts half"""
MOST_SPEECH_S = 4.0
"""speech of one utterance that is looked at; more of it teaches nothing (all of 20 excerpts were right by then)"""
SURE_PROBABILITY = 0.95


class LanguageLock:
    """The language of one stream. One candidate alone is declared: nothing is identified and nothing waits."""

    def __init__(self, candidates: Sequence[str], hint: str | None = None) -> None:
        """`hint`: the candidate that it most likely is."""
        self._candidates = tuple(candidates)
        self._locked = hint in self._candidates
        self._belief = self._lock_on(hint) if hint in candidates else dict.fromkeys(candidates, 1 / len(candidates))
        self._before = self._belief
        """the belief when the utterance began"""
        self._speech_s = 0.0
        """of this utterance"""
        self._earlier_speech_s = 0.0

    @property
    def language(self) -> str:
        """The best guess now."""
        return max(self._candidates, key=self._belief.__getitem__)

    @property
    def settled(self) -> bool:
        """Whether words may be committed in `language`; within `MOST_SPEECH_S` of an utterance they may."""
        return self._is_sure or not self.identify

    @property
    def identify(self) -> tuple[str, ...]:
        """The candidates to have the next window judged for; empty when there is nothing more to learn from it."""
        enough = len(self._candidates) == 1 or self._speech_s >= MOST_SPEECH_S
        return () if enough else self._candidates

    def begin_utterance(self) -> None:
        """The next windows are of a new utterance, in which the speaker may have changed the language."""
        self._locked |= self._is_sure
        self._earlier_speech_s += self._speech_s
        self._speech_s = 0.0
        if self._locked:
            self._belief = self._half_doubt()
        self._before = self._belief

    def push(self, probabilities: Mapping[str, float], speech_s: float) -> None:
        """What a window of the utterance that holds `speech_s` of speech sounds like.

        The windows of an utterance grow out of one another, so each one replaces the last; a shorter one is no news.
        """
        if not probabilities or speech_s <= self._speech_s:
            return
        self._speech_s = speech_s
        weight = min(speech_s, MOST_SPEECH_S) / WHOLE_SPEECH_S
        likely = {one: max(probabilities.get(one, 0.0), LEAST_PROBABILITY) ** weight for one in self._candidates}
        self._belief = _normalised({one: before * likely[one] for one, before in self._before.items()})

    @property
    def _is_sure(self) -> bool:
        heard_enough = self._locked or self._earlier_speech_s + self._speech_s >= WHOLE_SPEECH_S
        return heard_enough and self._belief[self.language] >= SURE_PROBABILITY

    def _half_doubt(self) -> dict[str, float]:
        """The lock with half of what speaks against it; what speaks for it is not kept, or it would grow too hard."""
        language = self.language
        lock = self._lock_on(language)
        kept = {}
        for one, held in self._belief.items():
            odds, locked = held / self._belief[language], lock[one] / lock[language]
            kept[one] = max(locked, math.sqrt(odds * locked))
        return _normalised(kept)

    def _lock_on(self, language: str | None) -> dict[str, float]:
        share = (1 - LOCK_PROBABILITY) / max(1, len(self._candidates) - 1)
        return {one: LOCK_PROBABILITY if one == language else share for one in self._candidates}


def _normalised(weights: Mapping[str, float]) -> dict[str, float]:
    total = sum(weights.values())
    return {one: weight / total for one, weight in weights.items()}
