"""Hours of input leave nothing behind in a listener that doesn't keep."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.corpus import Clip
from bench.events import BenchEvent, ClauseHeard, TargetWord, of_kind
from bench.recording import Recording
from bench.systems.over_websocket import Listener
from streaming import wire
from streaming.audio import SPEECH_RATE_HZ, to_s16le


def heard_by(*, keep: bool) -> tuple[list[BenchEvent], Recording]:
    """What is told of and what is recorded of two words and a second of voice."""
    told: list[BenchEvent] = []
    listener = Listener(Recording(Clip("talk", Path("talk.wav"), "en", 10.0), 10.0), told.append, keep=keep)
    voice = (to_s16le(np.full(SPEECH_RATE_HZ, 0.5, np.float32)),)
    listener.take(wire.TargetTranscriptUpdate("pt", (wire.TargetSegment("bom dia", 0.0, 1000.0, 1500.0),)), 2.0)
    listener.take(wire.EarVoiceSpan("pt", 2.0, 0, "bom dia", 0.0, 1000.0, 1500.0, 1000.0), 2.5)
    listener.take(wire.TargetMediaChunk("pt", voice, 1000.0, "bom dia"), 2.5)
    return told, listener.concluded()


def test_everything_is_told_of_and_nothing_recorded() -> None:
    told, recording = heard_by(keep=False)
    assert len(of_kind(told, TargetWord)) == 2 and len(of_kind(told, ClauseHeard)) == 1
    assert recording.events == [] and len(recording.speech) == 0


def test_the_events_are_those_of_a_listener_that_keeps() -> None:
    told, _ = heard_by(keep=False)
    _, kept = heard_by(keep=True)
    assert told == kept.events and len(kept.speech) == round(3.5 * SPEECH_RATE_HZ)
