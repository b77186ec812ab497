from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import anyio
import numpy as np
import pytest
from anyio.abc import TaskGroup
from running_server import Running, running

from server.config import Settings
from server.rooms.meeting import Meeting
from server.rooms.meeting_seat import MeetingSeat
from server.rooms.rooms import Rooms
from server.rooms.roster import UnknownParticipant
from server.rooms.seat import Role, Wishes
from streaming.audio import ASR_RATE_HZ
from streaming.errors import Busy
from streaming.items import AudioChunk

ANA = Wishes("Ana", speaks="en", hears="en", captions="en")
BIA = Wishes("Bia", hears="pt", captions="pt")
FRAME = ASR_RATE_HZ // 50


@dataclass
class Guest:
    """Someone at a seat, who reads and hears all that comes."""

    seat: MeetingSeat
    messages: list[dict[str, Any]] = field(default_factory=list)
    packets: list[bytes] = field(default_factory=list)

    async def read(self) -> None:
        async for message in self.seat.messages:
            self.messages.append(message)

    async def listen(self) -> None:
        async for packet in self.seat.packets:
            self.packets.append(bytes(packet))

    async def speak(self) -> None:
        await self.seat.hear(tone())

    def all(self, kind: str) -> list[dict[str, Any]]:
        return [message[kind] for message in self.messages if kind in message]

    async def until(self, is_so: Callable[[], object]) -> None:
        with anyio.fail_after(10):
            while not is_so():  # noqa: ASYNC110 (nothing tells)
                await anyio.sleep(0.02)

    def texts(self, *, original: bool) -> list[str]:
        return [body["text"] for body in self.all("caption") if body["original"] == original and body["text"]]


async def tone() -> AsyncIterator[AudioChunk]:
    """A loud microphone, in real time."""
    position = 0
    while True:
        yield AudioChunk(0.3 * np.sin(np.arange(position, position + FRAME) / 10).astype(np.float32), position)
        position += FRAME
        await anyio.sleep(0.02)


class Table:
    """A meeting with guests."""

    def __init__(self, server: Running, meeting: Meeting, group: TaskGroup) -> None:
        self.server = server
        self.meeting = meeting
        self._group = group

    async def join(self, wishes: Wishes, role: Role = "speaker") -> Guest:
        return self.sit(await self.meeting.join(wishes, role))

    def sit(self, seat: MeetingSeat) -> Guest:
        guest = Guest(seat)
        self._group.start_soon(guest.read)
        self._group.start_soon(guest.listen)
        return guest

    def speak(self, guest: Guest) -> None:
        self._group.start_soon(guest.speak)


@asynccontextmanager
async def table(settings: Settings | None = None) -> AsyncIterator[Table]:
    async with running(settings) as server, anyio.create_task_group() as group:
        room = server.runtime.room_store.create("Board", open=False, transcripts="none", glossaries=())
        yield Table(server, await Rooms(server.runtime).meeting(room), group)
        group.cancel_scope.cancel()


def test_what_one_says_the_other_reads_and_hears_in_their_language() -> None:
    async def main() -> None:
        async with table() as meeting:
            ana, bia = await meeting.join(ANA), await meeting.join(BIA, "listener")
            meeting.speak(ana)
            await bia.until(lambda: bia.all("span"))
            assert bia.texts(original=True)[0] == "one0"
            assert bia.texts(original=False)[0] == "um0"
            assert bia.all("caption")[0]["name"] == "Ana"
            await bia.until(lambda: len({len(packet) for packet in bia.packets}) > 3)  # sound, not silence
            assert ana.texts(original=True)[0] == "one0"
            assert ana.texts(original=False) == []
            assert not ana.all("span")

    asyncio.run(main())


def test_only_what_somebody_wants_is_translated() -> None:
    async def main() -> None:
        async with table() as meeting:
            ana = await meeting.join(ANA)
            meeting.speak(ana)
            [path] = meeting.server.interpreter.paths
            assert path.aims == {}
            bia = await meeting.join(BIA)
            assert path.aims == {"pt": True}
            bia.seat.take({"set": {"hears": None}})
            assert path.aims == {"pt": False}
            bia.seat.leave()
            assert path.aims == {}

    asyncio.run(main())


def test_all_are_told_who_is_there_and_who_speaks() -> None:
    async def main() -> None:
        async with table() as meeting:
            ana = await meeting.join(ANA)
            bia = await meeting.join(BIA, "listener")
            await ana.until(lambda: ana.all("room") and ana.all("room")[-1]["listeners"] == 1)
            meeting.speak(ana)
            await bia.until(lambda: bia.all("room")[-1]["participants"][0]["speaking"])
            assert bia.all("room")[-1]["you"]["name"] == "Bia"

    asyncio.run(main())


def test_who_is_muted_is_not_heard() -> None:
    async def main() -> None:
        async with table() as meeting:
            host, ana = await meeting.join(BIA, "host"), await meeting.join(ANA)
            host.seat.take({"mute": {"participant": ana.seat.participant}})
            meeting.speak(ana)
            await anyio.sleep(1.3)
            assert meeting.server.interpreter.paths[0].heard_s == 0.0
            ana.seat.take({"set": {"muted": False}})
            await host.until(lambda: host.texts(original=True))

    asyncio.run(main())


@pytest.mark.parametrize("message", [{"mute": {"participant": "p1"}}, {"remove": {"participant": "p1"}}, {"close": {}}])
def test_what_only_a_host_may_is_refused_to_others(message: dict[str, Any]) -> None:
    async def main() -> None:
        async with table() as meeting:
            ana, bia = await meeting.join(ANA), await meeting.join(BIA)
            bia.seat.take(message)
            await bia.until(lambda: bia.all("error"))
            assert not ana.seat.over.is_set()

    asyncio.run(main())


def test_who_is_removed_is_told_and_gone() -> None:
    async def main() -> None:
        async with table() as meeting:
            host, ana = await meeting.join(BIA, "host"), await meeting.join(ANA)
            host.seat.take({"remove": {"participant": ana.seat.participant}})
            await ana.until(lambda: ana.all("removed"))
            assert ana.seat.over.is_set()
            with pytest.raises(UnknownParticipant):
                await meeting.meeting.resume(ana.seat.participant)
            await meeting.server.until_empty()

    asyncio.run(main())


def test_who_lost_the_connection_comes_back_as_who_they_were_and_is_told_what_they_missed() -> None:
    async def main() -> None:
        async with table() as meeting:
            ana, bia = await meeting.join(ANA), await meeting.join(BIA, "listener")
            meeting.speak(ana)
            await bia.until(lambda: bia.texts(original=False))
            seen = bia.all("caption")[-1]["seq"]
            bia.seat.lose()
            told = len(ana.texts(original=True))
            await ana.until(lambda: len(ana.texts(original=True)) > told)
            back = meeting.sit(await meeting.meeting.resume(bia.seat.participant))
            meeting.meeting.replay(back.seat, seen)
            await back.until(lambda: len(back.texts(original=False)) > 1)
            numbers = [body["seq"] for body in back.all("caption")]
            assert numbers == sorted(numbers) and numbers[0] > seen
            assert back.seat.participant == bia.seat.participant

    asyncio.run(main())


def test_a_late_report_of_a_lost_connection_does_not_hurt_the_new_one() -> None:
    async def main() -> None:
        async with table() as meeting:
            bia = await meeting.join(BIA)
            back = meeting.sit(await meeting.meeting.resume(bia.seat.participant))
            bia.seat.lose()
            assert not back.seat.over.is_set()
            await back.until(lambda: back.all("room"))
            assert back.all("room")[-1]["you"]["connected"]

    asyncio.run(main())


def test_a_speaker_too_many_is_refused_but_may_listen() -> None:
    async def main() -> None:
        async with table(Settings(max_speakers=1)) as meeting:
            await meeting.join(ANA)
            with pytest.raises(Busy):
                await meeting.join(ANA)
            bia = await meeting.join(BIA)
            bia.seat.take({"set": {"speaks": "en"}})
            await bia.until(lambda: bia.all("error"))
            assert meeting.meeting.counts == (1, 1)

    asyncio.run(main())


def test_a_change_of_the_spoken_language_begins_a_new_stretch_of_speech() -> None:
    async def main() -> None:
        async with table() as meeting:
            ana, bia = await meeting.join(ANA), await meeting.join(BIA)
            meeting.speak(ana)
            await bia.until(lambda: bia.texts(original=True))
            ana.seat.take({"set": {"name": "Ana Lima"}})
            await bia.until(lambda: bia.all("caption")[-1]["name"] == "Ana Lima")
            numbers = [body["sentence"] for body in bia.all("caption")]
            assert max(numbers) >= 100_000
            first, second = meeting.server.interpreter.paths
            await bia.until(lambda: first.finished)
            assert not second.finished

    asyncio.run(main())


def test_a_closed_room_says_so_to_everyone_and_frees_the_machine() -> None:
    async def main() -> None:
        async with table() as meeting:
            host, ana = await meeting.join(BIA, "host"), await meeting.join(ANA)
            meeting.speak(ana)
            host.seat.take({"close": {}})
            await ana.until(lambda: ana.all("closed"))
            assert ana.seat.over.is_set() and host.seat.over.is_set()
            await meeting.server.until_empty()

    asyncio.run(main())
