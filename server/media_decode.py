"""From the content type that a client sends to what recognition hears (16 kHz float32)."""

from __future__ import annotations

from typing import Protocol

from streaming.audio import ASR_RATE_HZ, StreamResampler, from_s16le
from streaming.errors import BadInput
from streaming.items import Samples
from streaming.media_type import MediaType
from streaming.wire import CHUNK_MAX_BYTES, CHUNK_MAX_S


class MediaDecoder(Protocol):
    """Decodes one source stream, a chunk of a second at most at a time."""

    def push(self, data: bytes) -> Samples:
        """What can be said of the audio so far, 16 kHz. Raises BadInput for a chunk that breaks the rules."""

    def flush(self) -> Samples:
        """The rest, once the source has ended."""


def create_decoder(media: MediaType) -> MediaDecoder:
    """Raises BadInput for a content type that is not supported yet."""
    match media:
        case MediaType(container="audio/pcm", encoding="s16le", rate_hz=int(rate_hz)):
            return PcmDecoder(rate_hz)
    raise BadInput(f"source_media_content_type: {media.text} is not supported yet")


class PcmDecoder:
    """Raw signed 16-bit little-endian samples."""

    def __init__(self, rate_hz: int) -> None:
        self._max_bytes = min(CHUNK_MAX_BYTES, int(CHUNK_MAX_S * rate_hz) * 2)
        self._resampler = StreamResampler(rate_hz, ASR_RATE_HZ)

    def push(self, data: bytes) -> Samples:
        if len(data) > self._max_bytes:
            raise BadInput(
                f"source_media_chunk.data: {len(data)} bytes, at most {self._max_bytes} (one second) allowed"
            )
        if len(data) % 2:
            raise BadInput(f"source_media_chunk.data: {len(data)} bytes is not a whole number of 16-bit samples")
        return self._resampler.push(from_s16le(data))

    def flush(self) -> Samples:
        return self._resampler.flush()
