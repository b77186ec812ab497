"""The latency budget: predicts the ear-voice span and climbs a ladder of measures, least harm first."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from streaming.items import BudgetChanged, Clause
from streaming.trace import CaptureLog


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the budget asks of the stages; they read it when they next decide."""

    tempo: float = 1.0
    """speaking rate asked of the voice, 1.0 = its natural rate, at most 1.25"""
    cut_pauses: bool = False
    """playout leaves out the pauses between clauses"""
    k: int = 3
    """wait-k: source words read before the first target word is written"""
    clause_wait_s: float = 0.4
    """how long committed words may wait for a better place to cut a clause"""
    stride_s: float = 0.6
    """new audio between two recognitions of the same utterance"""
    tentative: bool = True
    """make tentative text for captions"""
    latest_span_s: float = math.inf
    """a clause that would begin to play later than this after its source is skipped"""
    speak: bool = True
    """False: captions only until caught up"""


MOST_TEMPO = 1.25
"""No clause is spoken faster than this, however it gets there: beyond it listening tires."""

ReadKnobs = Callable[[], Knobs]


@dataclass(frozen=True, slots=True)
class BudgetConfig:
    """The ear-voice span that a session may have."""

    p95_s: float = 4.0
    """the enforcer acts so that 95 % of clauses stay below this; infinite: it never acts"""
    knobs: Knobs = Knobs()
    """what the stages do while all is well"""


BALANCED = BudgetConfig()
Preset = Literal["balanced", "fast", "faithful"]

PRESETS: Mapping[Preset, BudgetConfig] = {
    "balanced": BALANCED,
    "fast": BudgetConfig(3.0, Knobs(k=2, clause_wait_s=0.3)),
    "faithful": BudgetConfig(6.0, Knobs(k=5, clause_wait_s=1.0)),
}
"""What a session may ask for: talk is balanced; a quick exchange wants the answer early; a lecture, the better word."""


@dataclass(frozen=True, slots=True)
class _Rung:
    """One level of the ladder; each keeps what the levels below it did."""

    enter: float
    """the level is entered when the predicted span is this share of the budget"""
    turn: Callable[[Knobs, float], Knobs]
    """of the knobs and the budget in seconds"""
    says: str


_LADDER = (
    _Rung(0.0, lambda knobs, _: knobs, "full quality"),
    _Rung(0.5, lambda knobs, _: replace(knobs, tempo=1.15), "speaking 15 % faster"),
    _Rung(0.85, lambda knobs, _: replace(knobs, tempo=MOST_TEMPO, cut_pauses=True), "speaking 25 % faster, no pauses"),
    _Rung(
        0.90,
        lambda knobs, _: replace(knobs, k=_two_thirds(knobs.k), clause_wait_s=min(0.3, knobs.clause_wait_s)),
        "translating earlier, in shorter pieces",
    ),
    _Rung(
        0.95, lambda knobs, _: replace(knobs, stride_s=1.0, tentative=False), "recognising less often, no preview text"
    ),
    _Rung(
        1.0, lambda knobs, p95_s: replace(knobs, latest_span_s=p95_s), "skipping what would be late; its captions stay"
    ),
    _Rung(2.0, lambda knobs, _: replace(knobs, speak=False), "captions only until caught up"),
)
"""The order is the design's; the shares put the measures that lose nothing below the budget, so that they act before it
is overrun, and those that lose words where it would be. The first takes back no more than what speaking in pieces
costs: Kokoro says four Portuguese words at a time at 15.0 characters a second, whole sentences at 17.1. Entered at 0.75
of the budget instead, the voice ended 0.15 (en-pt) and 0.3 s (pt-en) later, as well understood."""

_LOSSLESS = 4
"""The highest level at which every word is spoken."""

_HYSTERESIS = 0.15
"""A level is left when the prediction is this share below where it was entered."""

_UP_DWELL_S = 0.75
_DOWN_DWELL_S = 3.0
"""Least time on a level before a higher or lower one: long enough for a measure to show in the prediction, and slow to
let go, so that the voice does not change its pace with every clause."""


def predict_span_s(at_s: float, schedule: Iterable[tuple[Clause, float]], captures: CaptureLog) -> float:
    """The largest ear-voice span among the clauses that wait.

    `schedule`: each of them with the seconds from `at_s` (clock) until it begins.
    """
    return max(
        (at_s + begins_in_s - captures.captured_at(clause.source_end_s) for clause, begins_in_s in schedule),
        default=0.0,
    )


class LatencyBudget:
    """Turns predicted spans into a level of the ladder and the level into knobs, with hysteresis and minimum dwell."""

    def __init__(self, config: BudgetConfig) -> None:
        self._config = config
        self._level = 0
        self._since_s = float("-inf")
        self._knobs = config.knobs

    @property
    def level(self) -> int:
        return self._level

    def knobs(self) -> Knobs:
        return self._knobs

    def observe(self, predicted_span_s: float, at_s: float) -> BudgetChanged | None:
        """Up as far as the prediction asks, but to what loses words one level at a time; down one; None: no change."""
        share = predicted_span_s / self._config.p95_s
        dwelt = at_s - self._since_s
        asked = max(level for level, rung in enumerate(_LADDER) if share >= rung.enter)
        if asked > self._level:
            level = self._level + 1 if self._level >= _LOSSLESS else min(asked, _LOSSLESS)
            return self._move(level, predicted_span_s, at_s) if dwelt >= _UP_DWELL_S else None
        if self._level > 0 and share < _LADDER[self._level].enter - _HYSTERESIS and dwelt >= _DOWN_DWELL_S:
            return self._move(self._level - 1, predicted_span_s, at_s)
        return None

    def _move(self, level: int, predicted_span_s: float, at_s: float) -> BudgetChanged:
        back = "back to " if level < self._level else ""
        self._level = level
        self._since_s = at_s
        knobs = self._config.knobs
        for rung in _LADDER[: self._level + 1]:
            knobs = rung.turn(knobs, self._config.p95_s)
        self._knobs = knobs
        reason = f"{back}{_LADDER[self._level].says}: {predicted_span_s:.1f} s behind"
        return BudgetChanged(self._level, reason, predicted_span_s)


def _two_thirds(k: int) -> int:
    return max(1, math.floor(k * 2 / 3))
