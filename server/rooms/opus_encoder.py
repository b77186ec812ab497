"""Speech to Opus packets (RFC 6716, 7587), once for all who hear the same mix."""

from __future__ import annotations

from fractions import Fraction

import av
import numpy as np
from av import AudioFrame
from av.audio.codeccontext import AudioCodecContext

from streaming.audio import SPEECH_FRAME, SPEECH_RATE_HZ, to_s16le
from streaming.items import Samples

_BIT_RATE = 32_000
"""Wideband speech without audible loss (RFC 6716, section 2.1.1, gives 16-20 kbit/s as its sweet spot)."""

RTP_RATE_HZ = 48_000
"""Opus counts RTP time at 48 kHz whatever it was made from (RFC 7587, section 4.1)."""

PACKET = RTP_RATE_HZ * SPEECH_FRAME // SPEECH_RATE_HZ
"""What each packet lasts, in RTP time."""

SILENCE: Samples = np.zeros(SPEECH_FRAME, np.float32)


class OpusEncoder:
    """20 ms in, a packet out. Blocks for some 0.3 ms."""

    def __init__(self) -> None:
        encoder = av.CodecContext.create("libopus", "w")
        assert isinstance(encoder, AudioCodecContext)
        encoder.sample_rate = SPEECH_RATE_HZ
        encoder.layout = "mono"
        encoder.format = "s16"
        encoder.bit_rate = _BIT_RATE
        encoder.time_base = Fraction(1, SPEECH_RATE_HZ)
        # In-band error correction: a lost packet is rebuilt from the next (RFC 6716, section 2.1.7).
        encoder.options = {"application": "voip", "frame_duration": "20", "fec": "1", "packet_loss": "5"}
        self._encoder = encoder
        self._position = 0

    def encode(self, samples: Samples) -> bytes:
        """A frame of 480 samples at 24 kHz."""
        frame = AudioFrame(format="s16", layout="mono", samples=SPEECH_FRAME)
        frame.planes[0].update(to_s16le(samples))
        frame.sample_rate = SPEECH_RATE_HZ
        frame.time_base = Fraction(1, SPEECH_RATE_HZ)
        frame.pts = self._position
        self._position += SPEECH_FRAME
        return b"".join(bytes(packet) for packet in self._encoder.encode(frame))


def silent_packet() -> bytes:
    """20 ms of silence, the same for all: nobody who hears nothing costs an encoder."""
    encoder, silence = OpusEncoder(), b""
    for _ in range(5):  # until the codec has settled
        silence = encoder.encode(SILENCE)
    return silence
