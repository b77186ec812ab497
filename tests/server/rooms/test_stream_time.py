from __future__ import annotations

from server.rooms.stream_time import retimed
from streaming.items import Clause, ClauseSkipped, TargetWord, Transcript, Translation, Word


def later(position_s: float) -> float:
    return position_s + 10


def test_every_position_in_the_stream_moves() -> None:
    transcript = Transcript("en", (Word("a", 1, 2),), (Word("b", 2, 3),), heard_s=4)
    assert retimed(transcript, later) == Transcript("en", (Word("a", 11, 12),), (Word("b", 12, 13),), heard_s=14)
    translation = Translation("pt", (TargetWord("a", 1, 2, 3),), "b")
    assert retimed(translation, later) == Translation("pt", (TargetWord("a", 11, 12, 13),), "b")


def test_times_of_the_clock_stay() -> None:
    skipped = retimed(ClauseSkipped(Clause(0, "pt", "a", 1, 2, 100.0, True, 3), "late"), later)
    assert skipped == ClauseSkipped(Clause(0, "pt", "a", 11, 12, 100.0, True, 13), "late")
