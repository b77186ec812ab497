from __future__ import annotations

import asyncio
from itertools import pairwise

import anyio
import av
import numpy as np
from av import Packet

from server.rooms.mix_desk import MixDesk
from server.rooms.opus_encoder import PACKET
from server.rooms.roster import MixKey
from streaming.audio import SPEECH_FRAME
from streaming.channel import Channel
from streaming.clock import run_virtual

PT = MixKey("pt", 0.2, None)
EN = MixKey("en", 0.2, None)


def packets() -> Channel[Packet]:
    return Channel("mix", 200, "drop_oldest")


def taken(channel: Channel[Packet]) -> list[Packet]:
    return [channel.receive_nowait() for _ in range(len(channel))]


def loudness(sent: list[Packet]) -> float:
    """The root mean square of what a listener's decoder makes of it."""
    decoder = av.CodecContext.create("libopus", "r")
    frames = [frame.to_ndarray().ravel() for packet in sent for frame in decoder.decode(Packet(bytes(packet)))]
    sound = np.concatenate(frames).astype(np.float32) / 32768
    return float(np.sqrt(np.mean(np.square(sound))))


def tone(number: int) -> np.ndarray:
    at = np.arange(number * SPEECH_FRAME, (number + 1) * SPEECH_FRAME)
    return (0.3 * np.sin(at / 8)).astype(np.float32)


def test_all_who_hear_the_same_get_the_very_same_packets() -> None:
    async def main() -> None:
        desk, first, second = MixDesk(), packets(), packets()
        desk.listen(first, PT)
        desk.listen(second, PT)
        with anyio.move_on_after(1.0):
            await desk.run()
        one, other = taken(first), taken(second)
        assert len(one) >= 49
        assert all(a is b for a, b in zip(one, other, strict=True))

    run_virtual(main())


def test_a_translation_is_heard_by_who_hears_its_language_and_the_original_by_the_rest() -> None:
    async def main() -> None:
        desk, pt, en = MixDesk(), packets(), packets()
        desk.aim("ana", ["pt"])
        desk.listen(pt, PT)
        desk.listen(en, EN)

        async def speak() -> None:
            for number in range(50):
                desk.say("ana", 0, "pt", tone(number))
                await anyio.sleep(0.02)

        async with anyio.create_task_group() as group:
            group.start_soon(desk.run)
            await speak()
            group.cancel_scope.cancel()
        assert loudness(taken(pt)) > 0.1
        assert loudness(taken(en)) < 0.001

    asyncio.run(main())


def test_time_goes_on_evenly_through_speech_silence_and_a_change_of_mix() -> None:
    async def main() -> None:
        desk, mine = MixDesk(), packets()
        desk.listen(mine, PT)
        async with anyio.create_task_group() as group:
            group.start_soon(desk.run)
            await anyio.sleep(0.3)
            desk.hear("ana", tone(0))
            await anyio.sleep(0.3)
            desk.listen(mine, EN)
            await anyio.sleep(0.3)
            group.cancel_scope.cancel()
        times = [packet.pts for packet in taken(mine)]
        assert {after - before for before, after in pairwise(times)} == {PACKET}

    run_virtual(main())


def test_two_stretches_of_one_speaker_are_heard_together() -> None:
    async def main() -> None:
        desk, mine = MixDesk(), packets()
        desk.aim("ana", ["pt"])
        desk.listen(mine, PT)
        async with anyio.create_task_group() as group:
            group.start_soon(desk.run)
            for number in range(25):
                desk.say("ana", 0, "pt", tone(number))
                desk.say("ana", 1, "pt", -tone(number))
                await anyio.sleep(0.02)
            group.cancel_scope.cancel()
        assert loudness(taken(mine)) < 0.01  # they cancel each other out

    asyncio.run(main())


def test_nothing_is_made_where_nobody_listens() -> None:
    async def main() -> None:
        desk, mine = MixDesk(), packets()
        desk.listen(mine, PT)
        desk.leave(mine)
        with anyio.move_on_after(0.5):
            await desk.run()
        assert taken(mine) == []

    run_virtual(main())
