"""From translated speech (24 kHz float32) to the content type that a client asked for."""

from __future__ import annotations

from typing import Protocol

import av
import numpy as np

from server import webm
from streaming.audio import FRAME_MS, SPEECH_FRAME, SPEECH_RATE_HZ, StreamResampler, to_s16le
from streaming.errors import BadInput
from streaming.items import Samples
from streaming.media_type import MediaType

_OPUS_BITS_PER_S = 32_000
"""Fullband mono speech is transparent from about here on (RFC 7587, section 3.1.1: 28-40 kbit/s)."""


class MediaEncoder(Protocol):
    """Encodes one language's speech. Everything it does takes far less than a frame's time."""

    @property
    def headers(self) -> tuple[bytes, ...]:
        """What goes before the first packet."""

    def push(self, samples: Samples, *, last: bool) -> list[bytes]:
        """Packets for more speech; `last`: a clause ends here, nothing may be held back."""


def create_encoder(media: MediaType) -> MediaEncoder:
    """Raises BadInput for a content type that is not supported yet."""
    match media:
        case MediaType(container="audio/pcm", encoding="s16le", rate_hz=int(rate_hz)):
            return PcmEncoder(rate_hz)
        case MediaType(container="audio/webm"):
            return WebmOpusEncoder()
    raise BadInput(f"target_media_content_type: {media.text} is not supported yet")


class PcmEncoder:
    """Raw signed 16-bit little-endian samples."""

    def __init__(self, rate_hz: int) -> None:
        self._rate_hz = rate_hz
        self._resampler = StreamResampler(SPEECH_RATE_HZ, rate_hz)

    @property
    def headers(self) -> tuple[bytes, ...]:
        return ()

    def push(self, samples: Samples, *, last: bool) -> list[bytes]:
        ready = self._resampler.push(samples)
        if last:
            ready = np.concatenate([ready, self._resampler.flush()])
            self._resampler = StreamResampler(SPEECH_RATE_HZ, self._rate_hz)
        return [to_s16le(ready)] if len(ready) else []


class WebmOpusEncoder:
    """Opus in WebM; the stream's time counts speech only, as silence is not sent."""

    def __init__(self) -> None:
        self._codec = av.CodecContext.create("libopus", "w")
        self._codec.sample_rate = SPEECH_RATE_HZ  # the encoder takes it as it is and stays at 24 kHz bandwidth
        self._codec.layout = "mono"
        self._codec.format = "flt"
        self._codec.bit_rate = _OPUS_BITS_PER_S
        self._codec.options = {"application": "voip", "frame_duration": str(FRAME_MS)}
        self._codec.open()
        self._rest = np.zeros(0, np.float32)
        self._at_ms = 0

    @property
    def headers(self) -> tuple[bytes, ...]:
        return (webm.header(bytes(self._codec.extradata or b"")),)

    def push(self, samples: Samples, *, last: bool) -> list[bytes]:
        waiting = np.concatenate([self._rest, samples])
        if last:
            waiting = np.pad(waiting, (0, -len(waiting) % SPEECH_FRAME))
        whole = len(waiting) - len(waiting) % SPEECH_FRAME
        self._rest = waiting[whole:]
        return [
            packet for at in range(0, whole, SPEECH_FRAME) for packet in self._encode(waiting[at : at + SPEECH_FRAME])
        ]

    def _encode(self, frame: Samples) -> list[bytes]:
        audio = av.AudioFrame.from_ndarray(frame[np.newaxis], format="flt", layout="mono")
        audio.sample_rate = SPEECH_RATE_HZ
        packets = []
        for packet in self._codec.encode(audio):
            packets.append(webm.cluster(bytes(packet), self._at_ms))
            self._at_ms += FRAME_MS
        return packets
