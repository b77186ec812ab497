"""PCM at the edges: sample formats and rates are converted once on the way in and once on the way out."""

from __future__ import annotations

import numpy as np
import soxr

from streaming.items import Samples

ASR_RATE_HZ = 16_000
SPEECH_RATE_HZ = 24_000
FRAME_MS = 20
SPEECH_FRAME = SPEECH_RATE_HZ * FRAME_MS // 1000


def from_s16le(data: bytes) -> Samples:
    """Little-endian 16-bit PCM to float32 in [-1, 1). Raises ValueError on an odd number of bytes."""
    return np.frombuffer(data, dtype="<i2").astype(np.float32) / 32768.0


def to_s16le(samples: Samples) -> bytes:
    """Float32 to little-endian 16-bit PCM; what is outside [-1, 1] is clipped."""
    return (np.clip(samples, -1.0, 32767 / 32768) * 32768.0).astype("<i2").tobytes()


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """A whole signal at another rate."""
    if from_hz == to_hz:
        return samples.astype(np.float32, copy=False)
    return soxr.resample(samples, from_hz, to_hz).astype(np.float32, copy=False)


class StreamResampler:
    """Changes the rate of a stream chunk by chunk; the joined output equals that of the joined input."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._same = from_hz == to_hz
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32")

    def push(self, samples: Samples) -> Samples:
        """What can be said of the output so far; some of it is held back by the filter."""
        return samples if self._same else self._stream.resample_chunk(samples)

    def flush(self) -> Samples:
        """The rest, once the input has ended."""
        if self._same:
            return np.zeros(0, np.float32)
        return self._stream.resample_chunk(np.zeros(0, np.float32), last=True)
