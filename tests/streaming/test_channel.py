"""Channels: what happens when they are full."""

import anyio
import pytest

from streaming.channel import Channel
from streaming.clock import run_virtual


def test_drop_oldest_makes_room_and_counts() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 2, "drop_oldest")
        for item in range(5):
            await channel.send(item)
        channel.close()
        assert [item async for item in channel] == [3, 4]
        assert channel.dropped == 3

    run_virtual(main())


def test_keep_latest_holds_one() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 4, "keep_latest")
        for item in range(3):
            await channel.send(item)
        channel.close()
        assert [item async for item in channel] == [2]

    run_virtual(main())


def test_wait_holds_the_sender_back() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 1, "wait")
        await channel.send(1)
        with anyio.move_on_after(1.0) as scope:
            await channel.send(2)
        assert scope.cancelled_caught
        with pytest.raises(anyio.WouldBlock):
            channel.send_nowait(2)

    run_virtual(main())
