"""A corpus's clips joined into as much speech as is wanted."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.corpus import Clip
from bench.endless_clip import endless_clip

RATE_HZ = 16000
LEVELS = (0.25, 0.5, 0.75)


@pytest.fixture
def clips(tmp_path: Path) -> list[Clip]:
    """Half a second each, told apart by their level."""
    made = []
    for level in LEVELS:
        path = tmp_path / f"{level}.wav"
        soundfile.write(path, np.full(RATE_HZ // 2, level, np.float32), RATE_HZ)
        made.append(Clip(path.stem, path, "en", 0.5))
    return made


def runs(samples: np.ndarray) -> list[tuple[float, float]]:
    """(level, seconds) of each stretch at one level."""
    borders = np.flatnonzero(np.diff(samples)) + 1
    return [(float(part[0]), len(part) / RATE_HZ) for part in np.split(samples, borders)]


def test_it_is_as_long_as_asked_for_and_at_16_khz(clips: list[Clip], tmp_path: Path) -> None:
    clip = endless_clip(clips, 7.3, tmp_path / "long.flac")
    info = soundfile.info(clip.path)
    assert (clip.language, clip.seconds) == ("en", 7.3)
    assert (info.frames, info.samplerate, info.channels) == (round(7.3 * RATE_HZ), RATE_HZ, 1)


def test_every_clip_is_said_once_in_each_round_with_a_pause_after_it(clips: list[Clip], tmp_path: Path) -> None:
    clip = endless_clip(clips, 30.0, tmp_path / "long.flac")
    parts = runs(soundfile.read(clip.path, dtype="float32")[0])
    said, pauses = parts[0::2], parts[1::2]
    levels = [round(level, 2) for level, _ in said]
    rounds = [levels[begin : begin + 3] for begin in range(0, len(levels) - 2, 3)]
    assert len(rounds) >= 4 and all(sorted(one) == list(LEVELS) for one in rounds)
    assert len({tuple(one) for one in rounds}) > 1
    assert all(level == 0 and 0.4 <= seconds <= 1.6 for level, seconds in pauses[:-1])
    assert len({seconds for _, seconds in pauses[:-1]}) > 1


def test_the_same_seed_gives_the_same_speech(clips: list[Clip], tmp_path: Path) -> None:
    def speech(name: str, seed: int) -> bytes:
        return soundfile.read(endless_clip(clips, 10.0, tmp_path / name, seed=seed).path)[0].tobytes()

    assert speech("a.flac", 1) == speech("b.flac", 1) != speech("c.flac", 2)
