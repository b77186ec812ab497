"""Who says what when, and what their microphones hear."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.conversation import BEGINS_S, PAUSE_S, Turn, conversation, write_microphone
from bench.corpus import Clip
from streaming.audio import ASR_RATE_HZ


def clip(folder: Path, name: str, seconds: float) -> Clip:
    tone = 0.5 * np.sin(np.arange(round(seconds * ASR_RATE_HZ)) / 5)
    soundfile.write(folder / f"{name}.wav", tone, ASR_RATE_HZ, subtype="PCM_16")
    return Clip(name, folder / f"{name}.wav", "en", seconds)


@pytest.fixture
def speakers(tmp_path: Path) -> list[tuple[str, list[Clip]]]:
    return [("Ana", [clip(tmp_path, "a", 2.0), clip(tmp_path, "b", 3.0)]), ("Bia", [clip(tmp_path, "c", 4.0)])]


def test_they_take_turns_and_their_clips_come_again(speakers) -> None:
    turns = conversation(speakers, 40.0)
    assert [(turn.speaker, turn.clip.name) for turn in turns] == [
        ("Ana", "a"),
        ("Bia", "c"),
        ("Ana", "b"),
        ("Bia", "c"),
    ]
    assert turns[0].begins_s == BEGINS_S
    assert turns[1].begins_s == BEGINS_S + 2.0 + PAUSE_S


def test_the_last_turn_ends_in_time(speakers) -> None:
    assert len(conversation(speakers, BEGINS_S + 2.0 + PAUSE_S + 3.9)) == 1
    assert len(conversation(speakers, BEGINS_S + 2.0 + PAUSE_S + 4.0)) == 2


def test_someone_speaks_however_short_the_time(speakers) -> None:
    assert len(conversation(speakers, 1.0)) == 1


def test_a_microphone_hears_its_own_turns_only(speakers, tmp_path: Path) -> None:
    turns = conversation(speakers, 40.0)
    heard = {}
    for name in ("Ana", "Bia"):
        samples, rate = soundfile.read(write_microphone(name, turns, tmp_path / f"{name}.wav"))
        assert rate == ASR_RATE_HZ
        heard[name] = samples
    end = turns[-1].begins_s + turns[-1].clip.seconds
    assert all(len(samples) == round(end * ASR_RATE_HZ) for samples in heard.values())
    for turn in turns:
        assert _level(heard[turn.speaker], turn) > 0.3
        other = "Bia" if turn.speaker == "Ana" else "Ana"
        assert 0 < _level(heard[other], turn) < 0.002


def _level(samples: np.ndarray, turn: Turn) -> float:
    start = round(turn.begins_s * ASR_RATE_HZ)
    return float(np.sqrt(np.mean(samples[start : start + round(turn.clip.seconds * ASR_RATE_HZ)] ** 2)))
