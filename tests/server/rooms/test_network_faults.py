from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from aioice.ice import StunProtocol
from echo_meeting import captions, meeting, sequence
from room_peer import RoomPeer, join, until

ANA = {"name": "Ana", "speaks": "en", "hears": "en", "captions": "en"}
BIA = {"name": "Bia", "hears": "pt", "captions": "pt"}


class Network:
    """What every datagram of this process goes through, in both directions: media, messages, and ICE's own checks."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.loss, self.delay_s, self.cut = 0.0, 0.0, False
        self._chance = random.Random(3)
        self._deliver = StunProtocol.datagram_received
        monkeypatch.setattr(StunProtocol, "datagram_received", lambda *datagram: self._carry(*datagram))

    def _carry(self, *datagram: Any) -> None:
        if self.cut or self._chance.random() < self.loss:
            return
        asyncio.get_running_loop().call_later(self.delay_s, self._deliver, *datagram)


@pytest.fixture
def network(monkeypatch: pytest.MonkeyPatch) -> Network:
    return Network(monkeypatch)


def test_with_5_percent_lost_and_300_ms_on_the_way_all_is_said_and_heard(tmp_path: Path, network: Network) -> None:
    async def main() -> None:
        network.loss, network.delay_s = 0.05, 0.3
        async with meeting(tmp_path) as server:
            ana, bia = RoomPeer(), RoomPeer("recvonly")
            await join(server, ana, **ANA)
            await join(server, bia, "listener", **BIA)
            await until(lambda: sum(not caption["original"] for caption in captions(bia)) >= 3, 20)
            assert sequence(bia) == sorted(set(sequence(bia)))
            await until(lambda: any(abs(frame.to_ndarray()).max() > 8000 for frame in bia.heard))
            assert (ana.peer.connectionState, bia.peer.connectionState) == ("connected", "connected")
            await asyncio.gather(ana.peer.close(), bia.peer.close())

    asyncio.run(main())


def test_a_network_that_is_away_for_10_s_ends_nothing(tmp_path: Path, network: Network) -> None:
    async def main() -> None:
        async with meeting(tmp_path) as server:
            ana, bia = RoomPeer(), RoomPeer("recvonly")
            await join(server, ana, **ANA)
            await join(server, bia, "listener", **BIA)
            await until(lambda: len(captions(bia)) >= 2)
            network.cut = True
            await asyncio.sleep(10.0)
            heard, read = len(bia.heard), len(captions(bia))
            network.cut = False
            await until(lambda: len(captions(bia)) >= read + 2)
            await until(lambda: len(bia.heard) > heard + 50)
            assert sequence(bia) == sorted(set(sequence(bia)))
            await asyncio.gather(ana.peer.close(), bia.peer.close())

    asyncio.run(main())


def test_who_comes_back_while_the_network_is_away_has_the_same_seat_and_misses_no_caption(
    tmp_path: Path, network: Network
) -> None:
    async def main() -> None:
        async with meeting(tmp_path) as server:
            ana, old, new = RoomPeer(), RoomPeer("recvonly"), RoomPeer("recvonly")
            await join(server, ana, **ANA)
            seat = await join(server, old, "listener", **BIA)
            await until(lambda: len(captions(old)) >= 2)
            back = await join(server, new, resume=seat["resume"], seen=sequence(old)[-1])
            assert back["participant"] == seat["participant"]
            assert back["room"]["listeners"] == 1
            await until(lambda: len(captions(new)) >= 2)
            said = sequence(old) + sequence(new)
            assert said == list(range(said[0], said[0] + len(said)))
            await asyncio.gather(ana.peer.close(), old.peer.close(), new.peer.close())

    asyncio.run(main())


def test_a_speaker_who_fell_silent_is_shown_as_lost_and_speaks_again(tmp_path: Path, network: Network) -> None:
    async def main() -> None:
        async with meeting(tmp_path) as server:
            server.runtime.silent_peer_s = 1.0
            ana, again, bia = RoomPeer(), RoomPeer(), RoomPeer("recvonly")
            seat = await join(server, ana, **ANA)
            await until(lambda: bool(captions(ana)))
            network.cut = True
            await asyncio.sleep(2.5)
            network.cut = False
            server.runtime.silent_peer_s = 15.0
            await join(server, bia, "listener", **BIA)
            await until(lambda: any(not who["connected"] for who in participants(bia)))
            await join(server, again, resume=seat["resume"])
            await until(lambda: participants(bia)[-1]["connected"])
            read = len(captions(bia))
            await until(lambda: len(captions(bia)) > read)
            await asyncio.gather(ana.peer.close(), again.peer.close(), bia.peer.close())

    asyncio.run(main())


def participants(peer: RoomPeer) -> list[dict[str, Any]]:
    """As the last state of the room that was read has them."""
    states = [message["room"]["participants"] for message in peer.messages if "room" in message]
    return states[-1] if states else []


def test_after_a_restart_of_the_server_one_is_who_one_was(tmp_path: Path) -> None:
    async def main() -> None:
        before, after, other = RoomPeer(), RoomPeer(), RoomPeer()
        async with meeting(tmp_path) as server:
            await join(server, other, **ANA | {"name": "Eva"})
            seat = await join(server, before, **ANA)
            await until(lambda: bool(captions(before)))
        async with meeting(tmp_path) as server:
            back = await join(server, after, resume=seat["resume"], seen=sequence(before)[-1], **ANA)
            assert back["participant"] == seat["participant"] == "p2"
            await until(lambda: bool(captions(after)))
            await asyncio.gather(*(each.peer.close() for each in (before, after, other)))

    asyncio.run(main())
