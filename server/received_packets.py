"""Our jitter buffer in an aiortc receiver, in place of aiortc's own.

aiortc's (1.16) gives one frame at most for each packet that comes, so that the wait for a lost packet stays as delay
for the rest of the connection, up to 320 ms. The queues between socket and us: packets wait for the decoder's thread in
an unbounded one, beyond `_MOST_UNDECODED` they are left out here; decoded frames wait in an unbounded one of the track,
which `server.microphone_input` always drains, into a bounded channel of the session.
"""

from __future__ import annotations

from typing import Any

from aiortc import RTCRtpReceiver
from aiortc.jitterbuffer import JitterFrame
from aiortc.rtp import RtpPacket

from streaming.jitter_buffer import JitterBuffer

_MOST_UNDECODED = 50
"""A second. Decoding 20 ms takes well under one, so that only a machine that stands still comes here."""


class ReceivedPackets:
    """What a receiver calls for each packet: `add`, as aiortc's JitterBuffer has it."""

    def __init__(self, receiver: RTCRtpReceiver) -> None:
        self.dropped = 0
        """were not decoded, to catch up"""
        self.buffer: JitterBuffer[RtpPacket] = JitterBuffer()
        self._source: int | None = None
        self._codecs: dict[int, Any] = _private(receiver, "codecs")
        self._decoder_queue: Any = _private(receiver, "decoder_queue")
        self._timestamps: Any = _private(receiver, "timestamp_mapper")

    def add(self, packet: RtpPacket) -> tuple[bool, None]:
        """Sends what is due to the decoder itself; to the receiver it says: no key frame to ask for, none to decode."""
        if packet.ssrc != self._source:
            self._source = packet.ssrc
            self._decode(self.buffer.flush())
        self._decode(self.buffer.push(packet.sequence_number, packet))
        return False, None

    def _decode(self, packets: list[RtpPacket]) -> None:
        for packet in packets:
            timestamp = self._timestamps.map(packet.timestamp)
            if self._decoder_queue.qsize() >= _MOST_UNDECODED:
                self.dropped += 1
            elif packet.payload:  # an empty one would end FFmpeg's decoder for good
                frame = JitterFrame(packet._data, timestamp)  # type: ignore[attr-defined]
                self._decoder_queue.put((self._codecs[packet.payload_type], frame))


def take_over(receiver: RTCRtpReceiver) -> ReceivedPackets:
    """Before its first packet. The one place where we reach into aiortc, whose version is bounded for its sake."""
    _private(receiver, "jitter_buffer")
    packets = ReceivedPackets(receiver)
    receiver._RTCRtpReceiver__jitter_buffer = packets  # type: ignore[attr-defined]
    return packets


def _private(receiver: RTCRtpReceiver, name: str) -> Any:
    """Raises AttributeError where this aiortc has no such part."""
    return getattr(receiver, f"_RTCRtpReceiver__{name}")
