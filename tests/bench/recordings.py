"""A recording made by hand: two clauses, as a system would tell of them."""

from __future__ import annotations

from pathlib import Path

from bench.corpus import Clip
from bench.events import BenchEvent, ClauseHeard, SourceWord, TargetWord
from bench.recording import Recording


def recording(
    *, late_s: float = 0.0, transport_s: float = 0.0, spoken: tuple[int, ...] = (0, 1), name: str = "clip"
) -> Recording:
    """Four words; `late_s` of compute before everything, `transport_s` between system and listener."""
    events: list[BenchEvent] = [
        SourceWord("Good", 0.5, 0.8, 1.5, 1.6 + late_s),
        SourceWord("morning", 0.8, 1.2, 1.5, 1.6 + late_s),
        TargetWord("Bom", 0.5, 1.2, 1.5, 1.7 + late_s),
        TargetWord("dia", 0.5, 1.2, 1.5, 1.7 + late_s),
        SourceWord("everyone", 2.0, 2.6, 3.0, 3.1 + late_s),
        TargetWord("a", 2.0, 2.6, 3.0, 3.2 + late_s),
        TargetWord("todos", 2.0, 2.6, 3.0, 3.2 + late_s),
    ]
    for index in spoken:
        text, end_s, heard_s = (("Bom dia", 1.2, 1.5), ("a todos", 2.6, 3.0))[index]
        span = 1.0 + late_s
        begins_s = end_s + span + transport_s
        committed_s = heard_s + 0.2 + late_s
        events.append(ClauseHeard(index, text, end_s - 0.5, end_s, heard_s, committed_s, begins_s, 0.8, span))
    clip = Clip(name, Path(f"{name}.wav"), "en", 4.0, "Good morning everyone", "Bom dia a todos")
    return Recording(clip, 4.0, events, compute_s={"asr": 1.0 + late_s, "tts": 1.0})
