"""A WebRTC microphone track as a steady stream of 16 kHz audio on its own time line.

aiortc's queue of decoded frames is unbounded, so the track is always drained. The position of each frame comes from its
RTP timestamp (RFC 3550, section 5.1), and what was lost on the way becomes silence in its place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from streaming.audio import ASR_RATE_HZ, StreamResampler
from streaming.items import AudioChunk, Samples

_MAX_GAP_S = 2.0
"""A longer hole in the timestamps is a new start of the sender's clock, not a loss."""


class MicrophoneStream:
    """Turns received frames into chunks that follow each other without a hole."""

    def __init__(self) -> None:
        self._resampler: StreamResampler | None = None
        self._expected_pts: int | None = None
        self._position = 0

    def push(self, frame: AudioFrame) -> list[AudioChunk]:
        """The frame's audio, with silence before it for what was lost."""
        if self._resampler is None:
            self._resampler = StreamResampler(frame.sample_rate, ASR_RATE_HZ)
        samples = self._resampler.push(np.concatenate([self._lost_before(frame), _mono(frame)]))
        if not len(samples):
            return []
        chunk = AudioChunk(samples, self._position)
        self._position += len(samples)
        return [chunk]

    def _lost_before(self, frame: AudioFrame) -> Samples:
        pts, expected = frame.pts, self._expected_pts
        self._expected_pts = None if pts is None else pts + frame.samples
        lost_s = (pts - expected) / frame.sample_rate if pts is not None and expected is not None else 0.0
        return np.zeros(round(lost_s * frame.sample_rate) if 0 < lost_s <= _MAX_GAP_S else 0, np.float32)


def _mono(frame: AudioFrame) -> Samples:
    """The mean of the channels; aiortc decodes to interleaved 16-bit samples."""
    channels = frame.to_ndarray().reshape(-1, frame.layout.nb_channels)
    return channels.mean(axis=1, dtype=np.float32) / np.float32(32768)


class MicrophoneInput:
    """A peer's microphone: the track is known once the offer that brings it is answered."""

    def __init__(self) -> None:
        self.track: MediaStreamTrack | None = None

    async def chunks(self) -> AsyncIterator[AudioChunk]:
        """Drains the track until it ends."""
        assert self.track is not None
        stream = MicrophoneStream()
        while True:
            try:
                frame = await self.track.recv()
            except MediaStreamError:
                return
            assert isinstance(frame, AudioFrame)
            for chunk in stream.push(frame):
                yield chunk
