"""A participant's mix as a WebRTC track: Opus packets that are ready to send, which aiortc packs without encoding."""

from __future__ import annotations

from fractions import Fraction

import anyio
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import Packet

from streaming.channel import Channel

_RATE_HZ = 48_000
_PACKET = _RATE_HZ // 50
"""20 ms, the clock's step from one packet to the next"""

_MAX_STEP = 2 * _RATE_HZ
"""A longer step, or one back, is another clock: the listener's goes on from where it was."""


class PacketTrack(MediaStreamTrack):
    """Sends each packet when it comes, at the pace of the mixer that makes them."""

    kind = "audio"

    def __init__(self, packets: Channel[Packet]) -> None:
        super().__init__()
        self._packets = packets
        self._started = False
        self._last_pts: int | None = None
        self._position = 0

    async def recv(self) -> Packet:
        """Raises MediaStreamError when the mix has ended or the track was stopped."""
        if self.readyState != "live":
            raise MediaStreamError
        self._skip_what_waited()
        try:
            packet = await self._packets.receive()
        except anyio.EndOfStream:
            self.stop()
            raise MediaStreamError from None
        return self._timed(packet)

    def _skip_what_waited(self) -> None:
        """What was mixed while the connection was being made would be heard late, and all that follows behind it."""
        if self._started:
            return
        self._started = True
        while len(self._packets):
            self._packets.receive_nowait()

    def _timed(self, packet: Packet) -> Packet:
        """A copy on this track's clock: listeners share packets, and their mixes may change in between."""
        pts = packet.pts or 0
        step = pts - self._last_pts if self._last_pts is not None else 0
        if self._last_pts is not None:
            self._position += step if 0 < step <= _MAX_STEP else _PACKET
        self._last_pts = pts
        timed = Packet(bytes(packet))
        timed.pts, timed.time_base = self._position, Fraction(1, _RATE_HZ)
        return timed
