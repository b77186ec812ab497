"""The translated voice as a WebRTC track: 20 ms frames at the pace of its own clock, speech or silence."""

from __future__ import annotations

from collections import deque
from fractions import Fraction

import anyio
import numpy as np
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame

from streaming.audio import FRAME_MS, SPEECH_FRAME, SPEECH_RATE_HZ, to_s16le
from streaming.clock import now
from streaming.items import Samples

_START_AT = 3
"""Frames that wait before speech begins after silence: 60 ms of cover for a loop that wakes late."""

_CAPACITY = 25
"""Half a second. The path paces its frames, so many wait only if this side stood still: then the oldest go."""

_SURPLUS_PULLS = 50
"""A second in which more than `_START_AT` always waited: what a burst left behind. Then silent frames are left out."""

_LASTING_PULLS = 100
"""Two seconds of it, without a silent frame: the oldest is left out, one a second."""

_QUIET = 0.001
"""-60 dBFS: nobody hears that it is missing."""

_LATE_S = 0.2
"""A loop this late gives up on the missed frames' times and goes on from now, instead of sending a burst."""

_FRAME_S = FRAME_MS / 1000
_SILENCE = np.zeros(SPEECH_FRAME, np.float32)


class FrameBuffer:
    """Between two 20 ms clocks, the path's and the track's: speech starts a little late so that it does not stutter.

    A burst makes it later; the delay is given back as soon as nobody hears it.
    """

    def __init__(self) -> None:
        self.dropped = 0
        """frames with sound in them, left out to catch up"""
        self._frames: deque[Samples] = deque()
        self._pulls_waited = 0
        self._pulls_in_surplus = 0
        self._playing = False

    @property
    def drained_in_s(self) -> float:
        """How long until all that waits is sent."""
        return (len(self._frames) + _START_AT + 1) * _FRAME_S if self._frames else 0.0

    def push(self, frame: Samples) -> None:
        if len(self._frames) >= _CAPACITY:
            self._frames.popleft()
            self.dropped += 1
        self._frames.append(frame)

    def pull(self) -> Samples:
        """The next 20 ms at the path's rate."""
        if not self._playing and self._frames:
            self._pulls_waited += 1
            # The second condition lets the last frames out where no more are coming.
            self._playing = len(self._frames) >= _START_AT or self._pulls_waited > _START_AT
        if not self._playing:
            return _SILENCE
        if not self._frames:
            self._playing = False
            self._pulls_waited = 0
            return _SILENCE
        self._shrink()
        return self._frames.popleft()

    def _shrink(self) -> None:
        """Leaves out one frame at most of those that wait for no use."""
        self._pulls_in_surplus = self._pulls_in_surplus + 1 if len(self._frames) > _START_AT else 0
        if self._pulls_in_surplus >= _SURPLUS_PULLS and np.abs(self._frames[0]).max(initial=0.0) < _QUIET:
            self._frames.popleft()
        elif self._pulls_in_surplus >= _LASTING_PULLS:
            self._frames.popleft()
            self.dropped += 1
            self._pulls_in_surplus = _SURPLUS_PULLS


class VoiceTrack(MediaStreamTrack):
    """What aiortc encodes to 48 kHz Opus, in a thread of its own pool."""

    kind = "audio"

    def __init__(self) -> None:
        super().__init__()
        self.buffer = FrameBuffer()
        self._due_s: float | None = None
        self._position = 0

    async def recv(self) -> AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        await self._wait_for_turn()
        samples = self.buffer.pull()
        # aiortc encodes stereo: FFmpeg would make it from mono 3 dB quieter, so both channels are filled here.
        frame = AudioFrame(format="s16", layout="stereo", samples=SPEECH_FRAME)
        frame.planes[0].update(to_s16le(np.repeat(np.pad(samples, (0, SPEECH_FRAME - len(samples))), 2)))
        frame.sample_rate = SPEECH_RATE_HZ
        frame.pts = self._position
        frame.time_base = Fraction(1, SPEECH_RATE_HZ)
        self._position += SPEECH_FRAME
        return frame

    async def _wait_for_turn(self) -> None:
        at_s = now()
        if self._due_s is None or at_s - self._due_s > _LATE_S:
            self._due_s = at_s
        await anyio.sleep_until(self._due_s)
        self._due_s += _FRAME_S
