"""The content types of the voice interface: a stream's container, codec, sample format and rate (RFC 9110, 8.3.1)."""

from __future__ import annotations

from dataclasses import dataclass

from streaming.errors import BadInput

SOURCE_TYPES = frozenset(
    {
        "audio/auto",
        "audio/flac",
        "audio/mpeg",
        "audio/ogg",
        "audio/ogg;codecs=flac",
        "audio/ogg;codecs=opus",
        "audio/pcm;encoding=alaw;rate=8000",
        "audio/pcm;encoding=s16le;rate=16000",
        "audio/pcm;encoding=s16le;rate=44100",
        "audio/pcm;encoding=s16le;rate=48000",
        "audio/pcm;encoding=s16le;rate=8000",
        "audio/pcm;encoding=ulaw;rate=8000",
        "audio/webm",
        "audio/webm;codecs=opus",
        "audio/x-matroska",
        "audio/x-matroska;codecs=aac",
        "audio/x-matroska;codecs=flac",
        "audio/x-matroska;codecs=mp3",
        "audio/x-matroska;codecs=opus",
    }
)
TARGET_TYPES = frozenset(
    {
        "audio/flac",
        "audio/ogg",
        "audio/ogg;codecs=flac",
        "audio/ogg;codecs=opus",
        "audio/opus",
        "audio/pcm;encoding=alaw;rate=8000",
        "audio/pcm;encoding=s16le;rate=16000",
        "audio/pcm;encoding=s16le;rate=24000",
        "audio/pcm;encoding=ulaw;rate=8000",
        "audio/webm",
        "audio/webm;codecs=opus",
        "audio/x-matroska;codecs=aac",
        "audio/x-matroska;codecs=flac",
        "audio/x-matroska;codecs=opus",
        "video/mp2t;codecs=aac",
        "video/mp2t;codecs=opus",
    }
)
_BYTES_PER_SAMPLE = {"s16le": 2, "alaw": 1, "ulaw": 1}


@dataclass(frozen=True, slots=True)
class MediaType:
    """One content type, taken apart. All audio is mono."""

    text: str
    """the normal form: lower case, parameters sorted, no white space"""
    container: str
    """`audio/pcm`, `audio/webm`, ..."""
    codec: str | None = None
    """None: whatever the container holds (on input) or its usual codec (on output)"""
    encoding: str | None = None
    """sample format of raw PCM: s16le, alaw or ulaw"""
    rate_hz: int | None = None
    """sample rate of raw PCM"""

    @property
    def frame_bytes(self) -> int | None:
        """Bytes of one PCM frame; None where the stream is not raw PCM."""
        return _BYTES_PER_SAMPLE[self.encoding] if self.encoding else None


def parse_source(text: str) -> MediaType:
    """What a client may send. Raises BadInput for anything else."""
    return _parse(text, SOURCE_TYPES, "source_media_content_type")


def parse_target(text: str) -> MediaType:
    """What a client may ask to be sent. Raises BadInput for anything else."""
    return _parse(text, TARGET_TYPES, "target_media_content_type")


def _parse(text: str, known: frozenset[str], field: str) -> MediaType:
    container, *parts = [part.strip().lower() for part in text.split(";")]
    parameters = dict(_parameter(part, field) for part in parts)
    normal = ";".join([container, *(f"{name}={value}" for name, value in sorted(parameters.items()))])
    if normal not in known or len(parameters) != len(parts):
        raise BadInput(f"{field}: {text!r} is not one of {', '.join(sorted(known))}")
    rate = parameters.get("rate")
    return MediaType(
        text=normal,
        container=container,
        codec=parameters.get("codecs"),
        encoding=parameters.get("encoding"),
        rate_hz=int(rate) if rate else None,
    )


def _parameter(part: str, field: str) -> tuple[str, str]:
    name, equals, value = part.partition("=")
    if not equals:
        raise BadInput(f"{field}: {part!r} is not name=value")
    return name.strip(), value.strip().strip('"')
