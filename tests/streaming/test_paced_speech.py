"""A clause is read at the tempo asked, counted from the one at which it was made."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.audio import SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.items import Clause, Speech
from streaming.paced_speech import PacedSpeech
from tests.streaming.voices import largest_jump, vowel

CLAUSE = Clause(0, "pt", "clause", 0.0, 1.0, 2.0, True)
TEMPOS = st.sampled_from([1.0, 1.15, 1.25])


def paced(seconds: float, made_at: float = 1.0) -> PacedSpeech:
    return PacedSpeech(Speech(CLAUSE, vowel(150, seconds), made_at))


def read_all(speech: PacedSpeech, tempo: float) -> np.ndarray:
    frames = []
    while not speech.ended:
        frames.append(speech.read(SPEECH_FRAME, tempo))
    return np.concatenate(frames)


@pytest.mark.parametrize("made_at, asked", [(1.0, 1.0), (1.25, 1.25), (1.25, 1.0), (1.15, 1.0)])
def test_a_clause_made_as_fast_as_is_asked_or_faster_is_played_as_it_is(made_at: float, asked: float) -> None:
    speech = paced(1.0, made_at)
    assert speech.left_s(asked) == 1.0
    np.testing.assert_array_equal(read_all(speech, asked), vowel(150, 1.0))


@pytest.mark.parametrize("made_at, asked, speed", [(1.0, 1.25, 1.25), (1.15, 1.25, 1.25 / 1.15), (1.0, 2.0, 1.25)])
def test_what_it_lacks_is_made_up_for_but_never_above_the_fastest_tempo(
    made_at: float, asked: float, speed: float
) -> None:
    heard_s = len(read_all(paced(2.0, made_at), asked)) / SPEECH_RATE_HZ
    assert heard_s == pytest.approx(2.0 / speed, rel=0.02)


@given(st.integers(1, 3000), st.lists(TEMPOS, max_size=30))
def test_every_read_is_full_until_the_last(length: int, tempos: list[float]) -> None:
    speech = PacedSpeech(Speech(CLAUSE, np.ones(length, np.float32)))
    reads = []
    for tempo in [*tempos, *[1.0] * length]:
        if speech.ended:
            break
        reads.append(len(speech.read(100, tempo)))
    assert set(reads[:-1]) <= {100}
    assert 0 < reads[-1] <= 100


@given(st.lists(TEMPOS, max_size=40), TEMPOS)
def test_the_time_left_is_foretold(so_far: list[float], tempo: float) -> None:
    speech = paced(1.5)
    for one in so_far:
        speech.read(SPEECH_FRAME, one)
    left_s = speech.left_s(tempo)
    assert len(read_all(speech, tempo)) / SPEECH_RATE_HZ == pytest.approx(left_s, abs=0.02)


def test_a_new_tempo_begins_in_the_middle_without_a_click() -> None:
    speech = paced(2.0)
    first = [speech.read(SPEECH_FRAME, 1.0) for _ in range(50)]
    heard = np.concatenate([*first, read_all(speech, 1.25)])
    assert len(heard) / SPEECH_RATE_HZ == pytest.approx(1.0 + 1.0 / 1.25, abs=0.02)
    assert largest_jump(heard) <= 1.05 * largest_jump(vowel(150, 2.0))
