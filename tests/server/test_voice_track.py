from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from server.voice_track import FrameBuffer, VoiceTrack
from streaming.audio import SPEECH_FRAME
from streaming.clock import now, run_virtual
from streaming.items import Samples


def frame(number: int) -> Samples:
    return np.full(SPEECH_FRAME, number / 1000, np.float32)


def numbers(pulled: list[Samples]) -> list[int]:
    return [round(float(samples[0]) * 1000) for samples in pulled]


def test_speech_begins_when_a_little_of_it_waits() -> None:
    buffer, pulled = FrameBuffer(), []
    for number in range(1, 6):
        buffer.push(frame(number))
        pulled.append(buffer.pull())
    assert numbers(pulled) == [0, 0, 1, 2, 3]


def test_a_single_frame_is_heard_though_no_more_come() -> None:
    buffer = FrameBuffer()
    buffer.push(frame(7))
    assert numbers([buffer.pull() for _ in range(6)]) == [0, 0, 0, 7, 0, 0]


def test_the_oldest_go_when_too_many_wait() -> None:
    buffer = FrameBuffer()
    for number in range(1, 31):
        buffer.push(frame(number))
    assert buffer.dropped == 5
    assert numbers([buffer.pull()]) == [6]


def waiting_after(buffer: FrameBuffer, frames: list[Samples]) -> int:
    """How many wait once these came and as many were pulled, in turns."""
    for each in frames:
        buffer.push(each)
        buffer.pull()
    return len([one for one in numbers([buffer.pull() for _ in range(30)]) if one])


def bursting(size: int = 20) -> FrameBuffer:
    buffer = FrameBuffer()
    for number in range(1, size + 1):
        buffer.push(frame(number))
    return buffer


def test_the_delay_of_a_burst_is_given_back_in_the_next_silence() -> None:
    buffer = bursting()
    for _ in range(60):
        buffer.push(frame(500))
        buffer.pull()
    assert waiting_after(buffer, [frame(0)] * 60 + [frame(500)] * 20) <= 4
    assert buffer.dropped == 0


def test_the_delay_of_a_burst_is_given_back_though_nobody_pauses() -> None:
    buffer = bursting(6)
    assert waiting_after(buffer, [frame(500)] * 400) <= 4
    assert 2 <= buffer.dropped <= 4


def test_without_a_burst_no_frame_is_left_out() -> None:
    buffer = FrameBuffer()
    sent = [frame(number % 900) for number in range(1, 1000)]
    pulled = []
    for each in sent:
        buffer.push(each)
        pulled.append(buffer.pull())
    assert numbers(pulled[2:]) == numbers(sent[:-2])


@given(st.lists(st.booleans(), max_size=80))
def test_frames_come_out_in_order_and_are_drained_when_told(steps: list[bool]) -> None:
    buffer, pushed, pulled = FrameBuffer(), 0, list[Samples]()
    for push in steps:
        if push and pushed - len([one for one in numbers(pulled) if one]) < 25:
            pushed += 1
            buffer.push(frame(pushed))
        else:
            pulled.append(buffer.pull())
    pulled += [buffer.pull() for _ in range(round(buffer.drained_in_s / 0.02))]
    assert [number for number in numbers(pulled) if number] == list(range(1, pushed + 1))


def test_the_track_keeps_its_own_pace() -> None:
    async def main() -> list[float]:
        track, times = VoiceTrack(), []
        for _ in range(5):
            received = await track.recv()
            times.append(round(now(), 3))
        assert (received.sample_rate, received.samples, received.pts) == (24_000, 480, 1920)
        return times

    assert run_virtual(main()) == [0.0, 0.02, 0.04, 0.06, 0.08]
