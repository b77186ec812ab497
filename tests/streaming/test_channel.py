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


def test_all_arrives_in_order_however_small_the_channel() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 2, "wait")

        async def send() -> None:
            for item in range(50):
                await channel.send(item)
            channel.close()

        async with anyio.create_task_group() as tasks:
            tasks.start_soon(send)
            assert [item async for item in channel] == list(range(50))

    run_virtual(main())


def test_senders_that_wait_are_all_served() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 1, "wait")
        async with anyio.create_task_group() as tasks:
            for item in range(5):
                tasks.start_soon(channel.send, item)
            await anyio.sleep(1.0)
            assert sorted([await channel.receive() for _ in range(5)]) == list(range(5))

    run_virtual(main())


def test_a_receiver_that_was_cancelled_takes_nothing() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 2, "wait")
        with anyio.move_on_after(1.0):
            await channel.receive()
        await channel.send(1)
        with anyio.CancelScope() as scope:
            scope.cancel()
            await channel.receive()
        assert await channel.receive() == 1

    run_virtual(main())


def test_a_sender_that_was_cancelled_sends_nothing() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 1, "wait")
        await channel.send(1)
        with anyio.move_on_after(1.0):
            await channel.send(2)
        channel.close()
        assert [item async for item in channel] == [1]

    run_virtual(main())


def test_closed_it_gives_what_waits_and_takes_no_more() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 2, "wait")
        await channel.send(1)
        channel.close()
        with pytest.raises(anyio.ClosedResourceError):
            await channel.send(2)
        assert await channel.receive() == 1
        with pytest.raises(anyio.EndOfStream):
            await channel.receive()
        with pytest.raises(anyio.EndOfStream):
            channel.receive_nowait()

    run_virtual(main())


def test_a_waiting_receiver_learns_of_the_end() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 2, "wait")
        async with anyio.create_task_group() as tasks:

            async def receive() -> None:
                with pytest.raises(anyio.EndOfStream):
                    await channel.receive()

            tasks.start_soon(receive)
            await anyio.sleep(1.0)
            channel.close()

    run_virtual(main())


@pytest.mark.parametrize("when_full", ["wait", "drop_oldest", "keep_latest"])
def test_without_a_receiver_nobody_can_send(when_full) -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 1, when_full)
        await channel.send(1)
        async with anyio.create_task_group() as tasks:

            async def send() -> None:
                if when_full == "wait":
                    with pytest.raises(anyio.BrokenResourceError):
                        await channel.send(2)

            tasks.start_soon(send)
            await anyio.sleep(1.0)
            channel.close_receiver()
        with pytest.raises(anyio.BrokenResourceError):
            channel.send_nowait(3)
        with pytest.raises(anyio.ClosedResourceError):
            await channel.receive()

    run_virtual(main())


def test_who_always_finds_an_item_lets_others_run() -> None:
    async def main() -> None:
        channel: Channel[int] = Channel("c", 1000, "wait")
        for item in range(1000):
            await channel.send(item)
        ran = []
        async with anyio.create_task_group() as tasks:

            async def other() -> None:
                ran.append(len(channel))

            tasks.start_soon(other)
            for _ in range(1000):
                await channel.receive()
        assert ran[0] > 900

    run_virtual(main())
