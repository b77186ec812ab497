"""What one system made of one clip."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from bench.corpus import Clip
from bench.events import BenchEvent, SourceWord, TargetWord, of_kind
from streaming.items import Samples

Told = Callable[[BenchEvent], None]
"""Called with every event as it happens."""


@dataclass(slots=True)
class Recording:
    """A clip that went through a system."""

    clip: Clip
    seconds: float
    """length of the source"""
    events: list[BenchEvent] = field(default_factory=list)
    speech: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    """what a listener heard, 24 kHz, on the clip's clock"""
    compute_s: dict[str, float] = field(default_factory=dict)
    """seconds of compute by model; empty where the system doesn't tell"""

    @property
    def source_text(self) -> str:
        return " ".join(word.text for word in of_kind(self.events, SourceWord))

    @property
    def target_text(self) -> str:
        return " ".join(word.text for word in of_kind(self.events, TargetWord))


class System(Protocol):
    """A speech translation system under test."""

    @property
    def name(self) -> str:
        """Such as `in process, virtual time`."""

    def run(self, clip: Clip, told: Told) -> Recording:
        """The clip from its first to its last sample, as a live speaker. Raises DragomanError."""
