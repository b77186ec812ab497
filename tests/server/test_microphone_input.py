from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from av import AudioFrame

from server.microphone_input import MicrophoneStream
from streaming.items import AudioChunk


def received(pts: int, level: float = 0.5) -> AudioFrame:
    """20 ms as aiortc decodes it: 48 kHz, stereo, 16 bits."""
    samples = np.full((1, 1920), int(level * 32767), np.int16)
    frame = AudioFrame.from_ndarray(samples, format="s16", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = 48_000, pts, Fraction(1, 48_000)
    return frame


def heard(pts: list[int]) -> list[AudioChunk]:
    stream = MicrophoneStream()
    return [chunk for one in pts for chunk in stream.push(received(one))]


def test_frames_become_16_khz_mono_without_a_hole() -> None:
    chunks = heard([960 * number for number in range(50)])
    positions = [chunk.start for chunk in chunks]
    assert positions == list(np.cumsum([0, *(len(chunk.samples) for chunk in chunks[:-1])]))
    assert sum(len(chunk.samples) for chunk in chunks) == pytest.approx(16_000, abs=400)
    assert float(chunks[-1].samples[-1]) == pytest.approx(0.5, abs=0.01)


def test_a_lost_packet_becomes_silence_of_its_length() -> None:
    whole = sum(len(chunk.samples) for chunk in heard(list(range(0, 9600, 960))))
    holed = heard([0, 960, *range(2880, 9600, 960)])
    assert sum(len(chunk.samples) for chunk in holed) == whole
    samples = np.concatenate([chunk.samples for chunk in holed])
    assert np.abs(samples[700:900]).max() < 0.01
    assert np.abs(samples[1000:1500]).min() > 0.4


@pytest.mark.parametrize("jump", [10_000_000, -5000])
def test_a_clock_that_starts_anew_is_no_loss(jump: int) -> None:
    chunks = heard([0, 960, 1920 + jump, 2880 + jump])
    assert sum(len(chunk.samples) for chunk in chunks) == pytest.approx(4 * 320, abs=400)
