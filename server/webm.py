"""Opus in WebM, written as a live stream: a header, then one small cluster a packet.

EBML (RFC 8794), Matroska (RFC 9559) with its codec mapping A_OPUS. FFmpeg's muxer holds a cluster back until the next
one begins, which would keep the end of each clause until the next clause; here every packet leaves at once.
"""

from __future__ import annotations

import struct

_UNKNOWN_SIZE = b"\x01\xff\xff\xff\xff\xff\xff\xff"
_KEYFRAME = b"\x80"
_TRACK = 1
_AUDIO_TRACK = 2
_OPUS_RATE_HZ = 48_000
_SEEK_PRE_ROLL_NS = 80_000_000
"""What a decoder needs before a seek point (RFC 7845, section 4.6)."""


def header(opus_head: bytes) -> bytes:
    """All that comes before the first cluster; `opus_head` is the codec's identification header (RFC 7845, 5.1)."""
    (pre_skip,) = struct.unpack_from("<H", opus_head, 10)
    ebml = _element(
        "1A45DFA3",
        _number("4286", 1)
        + _number("42F7", 1)
        + _number("42F2", 4)
        + _number("42F3", 8)
        + _element("4282", b"webm")
        + _number("4287", 4)
        + _number("4285", 2),
    )
    info = _element(
        "1549A966", _number("2AD7B1", 1_000_000) + _element("4D80", b"dragoman") + _element("5741", b"dragoman")
    )
    audio = _element("E1", _element("B5", struct.pack(">d", _OPUS_RATE_HZ)) + _number("9F", 1))
    track = (
        _number("D7", _TRACK)
        + _number("73C5", 1)
        + _number("83", _AUDIO_TRACK)
        + _number("9C", 0)
        + _element("86", b"A_OPUS")
        + _element("63A2", opus_head)
        + _number("56AA", pre_skip * 1_000_000_000 // _OPUS_RATE_HZ)
        + _number("56BB", _SEEK_PRE_ROLL_NS)
        + audio
    )
    return ebml + bytes.fromhex("18538067") + _UNKNOWN_SIZE + info + _element("1654AE6B", _element("AE", track))


def cluster(packet: bytes, at_ms: int) -> bytes:
    """One Opus packet that begins `at_ms` into the stream."""
    block = bytes([0x80 | _TRACK]) + struct.pack(">h", 0) + _KEYFRAME + packet
    return _element("1F43B675", _number("E7", at_ms) + _element("A3", block))


def _element(identifier: str, data: bytes) -> bytes:
    return bytes.fromhex(identifier) + _size(len(data)) + data


def _number(identifier: str, value: int) -> bytes:
    return _element(identifier, value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big"))


def _size(value: int) -> bytes:
    """A variable-size integer (RFC 8794, section 4), as short as can be; all ones would mean unknown."""
    length = 1
    while value >= (1 << (7 * length)) - 1:
        length += 1
    return (value | 1 << (7 * length)).to_bytes(length, "big")
