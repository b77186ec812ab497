"""A conversation to hold: who says which clip when, and each speaker's microphone as a file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np
import soundfile

from bench.corpus import Clip
from clients.file import FileSource
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

BEGINS_S = 12.0
"""Until then all are silent and come in."""
PAUSE_S = 4.0
"""between two turns: the one who asks waits until the answer may come, and the microphones start some seconds apart"""
_ROOM_NOISE = 0.0007
"""RMS, full scale 1: no microphone is digitally silent"""


@dataclass(frozen=True, slots=True)
class Turn:
    """One speaker says one clip."""

    speaker: str
    begins_s: float
    clip: Clip


def conversation(speakers: Sequence[tuple[str, Sequence[Clip]]], seconds: float) -> list[Turn]:
    """The speakers take turns, each through their own clips, again and again, while another turn ends within `seconds`.

    At least one turn, whatever its length.
    """
    turns: list[Turn] = []
    at_s = BEGINS_S
    for name, clips in cycle([(name, cycle(clips)) for name, clips in speakers]):
        clip = next(clips)
        if turns and at_s + clip.seconds > seconds:
            return turns
        turns.append(Turn(name, at_s, clip))
        at_s += clip.seconds + PAUSE_S
    return turns


def write_microphone(speaker: str, turns: Sequence[Turn], path: Path, *, seed: int = 0) -> Path:
    """What this speaker's microphone hears until the last turn has ended: 16 kHz WAV."""
    seconds = turns[-1].begins_s + turns[-1].clip.seconds
    heard = np.random.default_rng(seed).normal(0, _ROOM_NOISE, round(seconds * ASR_RATE_HZ)).astype(np.float32)
    for turn in turns:
        if turn.speaker == speaker:
            said = _samples(turn.clip)
            start = round(turn.begins_s * ASR_RATE_HZ)
            heard[start : start + len(said)] += said[: len(heard) - start]
    soundfile.write(path, heard, ASR_RATE_HZ, subtype="PCM_16")
    return path


def _samples(clip: Clip) -> Samples:
    with FileSource(clip.path) as source:
        return np.concatenate(list(source.chunks()))
