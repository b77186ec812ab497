from __future__ import annotations

import asyncio
from fractions import Fraction

import pytest
from aiortc.mediastreams import MediaStreamError
from av import Packet

from server.rooms.packet_track import PacketTrack
from streaming.channel import Channel


def packet(pts: int, data: bytes = b"opus") -> Packet:
    made = Packet(data)
    made.pts, made.time_base = pts, Fraction(1, 48_000)
    return made


def sent(pts: list[int]) -> list[int]:
    """The times with which packets of these times leave."""

    async def main() -> list[int]:
        packets: Channel[Packet] = Channel("mix", 25, "drop_oldest")
        track, left = PacketTrack(packets), []
        for each in pts:
            receiving = asyncio.ensure_future(track.recv())
            await asyncio.sleep(0)
            packets.send_nowait(packet(each))
            left.append((await receiving).pts)
        return left

    return asyncio.run(main())


def test_packets_keep_their_distances_from_zero_on() -> None:
    assert sent([9600, 10_560, 11_520]) == [0, 960, 1920]


def test_a_packet_that_was_dropped_leaves_its_hole() -> None:
    assert sent([0, 960, 2880]) == [0, 960, 2880]


@pytest.mark.parametrize("elsewhere", [0, 48_000, 96_000_000])
def test_the_clock_goes_on_when_the_mix_is_another_one(elsewhere: int) -> None:
    before = [480_000, 480_960]
    assert sent([*before, elsewhere, elsewhere + 960]) == [0, 960, 1920, 2880]


def test_what_waited_while_the_connection_was_made_is_not_heard() -> None:
    async def main() -> None:
        packets: Channel[Packet] = Channel("mix", 25, "drop_oldest")
        for number in range(10):
            packets.send_nowait(packet(960 * number, b"stale"))
        receiving = asyncio.ensure_future(PacketTrack(packets).recv())
        await asyncio.sleep(0)
        packets.send_nowait(packet(9600, b"fresh"))
        assert bytes(await receiving) == b"fresh"

    asyncio.run(main())


def test_a_packet_that_others_hear_too_is_left_as_it_is() -> None:
    async def main() -> None:
        packets: Channel[Packet] = Channel("mix", 25, "drop_oldest")
        shared = packet(9600)
        receiving = asyncio.ensure_future(PacketTrack(packets).recv())
        await asyncio.sleep(0)
        packets.send_nowait(shared)
        assert ((await receiving).pts, shared.pts) == (0, 9600)

    asyncio.run(main())


def test_the_track_ends_with_the_mix() -> None:
    async def main() -> None:
        packets: Channel[Packet] = Channel("mix", 25, "drop_oldest")
        packets.close()
        track = PacketTrack(packets)
        with pytest.raises(MediaStreamError):
            await track.recv()
        assert track.readyState == "ended"

    asyncio.run(main())
