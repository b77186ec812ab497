"""The latency budget: what it asks of every stage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Knobs:
    """What the budget asks of the stages; they read it when they next decide."""

    tempo: float = 1.0
    """speaking rate asked of the voice, 1.0 = its natural rate, at most 1.25"""
    cut_pauses: bool = False
    """playout leaves out pauses inside and between clauses"""
    k: int = 3
    """wait-k: source words read before the first target word is written"""
    clause_wait_s: float = 1.2
    """how long committed words may wait for a better place to cut a clause"""
    stride_s: float = 0.6
    """new audio between two recognitions of the same utterance"""
    tentative: bool = True
    """make tentative text for captions"""
    skip_oldest: bool = False
    """playout drops the oldest unspoken clause"""
    speak: bool = True
    """False: captions only until caught up"""


ReadKnobs = Callable[[], Knobs]
