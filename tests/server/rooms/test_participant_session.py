from __future__ import annotations

import asyncio
from pathlib import Path

from room_peer import RoomPeer, join, joined, routes, until


def tasks_of_connections() -> list[str]:
    names = ("participant p", "microphone", "messages", "heartbeat", "seat")
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(names)]


def test_what_a_participant_asks_for_reaches_the_seat_and_pings_do_not(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, joined(server) as (peer, seat):
            for text in ('{"ping": {}}', "no JSON", "[1]", '{"set": {"hears": "en"}}'):
                peer.events.send(text)
            await until(lambda: bool(seat.taken))
            assert seat.taken == [{"set": {"hears": "en"}}]

    asyncio.run(main())


def test_who_says_that_they_leave_gives_the_seat_back(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, joined(server) as (peer, seat):
            peer.events.send('{"leave": {}}')
            await until(lambda: peer.peer.connectionState == "closed")
            assert seat.fate == "left "
            await until(lambda: not tasks_of_connections())

    asyncio.run(main())


def test_the_seat_of_who_closes_the_page_is_kept(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            async with joined(server) as (_peer, seat):
                assert tasks_of_connections()
            await until(lambda: seat.fate == "lost ")
            await until(lambda: not tasks_of_connections())

    asyncio.run(main())


def test_who_falls_silent_is_given_up_though_nobody_closed(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            server.runtime.silent_peer_s = 1.0
            async with joined(server) as (peer, seat):
                peer.microphone.stuck = True
                await until(lambda: seat.fate == "lost ")

    asyncio.run(main())


def test_pings_alone_keep_a_listener(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            server.runtime.silent_peer_s = 0.6
            peer = RoomPeer("recvonly")
            await join(server, peer, "listener", name="Eva")
            await until(lambda: peer.events.readyState == "open")
            for _ in range(8):
                peer.events.send('{"ping": {}}')
                await asyncio.sleep(0.2)
            assert server.rooms.seats[0].fate == ""
            await until(lambda: server.rooms.seats[0].fate == "lost ")
            await peer.peer.close()

    asyncio.run(main())


def test_who_is_removed_reads_the_last_message_before_the_connection_closes(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, joined(server) as (peer, seat):
            for number in range(5):
                seat.messages.send_nowait({"caption": {"seq": number}})
            seat.messages.send_nowait({"removed": {"reason": "by the host"}})
            seat.over.set()
            await until(lambda: bool(peer.messages) and "removed" in peer.messages[-1])
            assert len(peer.messages) == 6
            await peer.peer.close()
            await until(lambda: not tasks_of_connections())
            assert seat.fate == ""

    asyncio.run(main())


def test_who_never_connects_keeps_no_seat_for_good(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("server.rooms.participant_session._OPEN_S", 0.3)

    async def main() -> None:
        async with routes(tmp_path) as server:
            body = {"sdp": await RoomPeer().offer(), "type": "offer", "name": "Ana", "speaks": "pt"}
            answer = await server.http.post(
                f"/v1/rooms/{server.room}/join", json=body, headers=server.bearer("speaker")
            )
            assert answer.status_code == 200
            await until(lambda: server.rooms.seats[0].fate == "lost ")
            await until(lambda: not tasks_of_connections())

    asyncio.run(main())


def test_a_server_that_stops_keeps_the_seats_and_leaves_no_task(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            peer = RoomPeer()
            await join(server, peer)
            await until(lambda: peer.events.readyState == "open")
        assert server.rooms.seats[0].fate == "lost "
        assert not tasks_of_connections()
        await peer.peer.close()

    asyncio.run(main())


def test_a_seat_that_fails_ends_its_connection_alone(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, joined(server) as (other, other_seat), joined(server) as (peer, seat):
            seat.packets.close_receiver()
            seat.messages.close_receiver()
            peer.events.send('{"ping": {}}')
            await until(lambda: seat.fate == "lost ")
            heard_s = other_seat.heard_s
            await until(lambda: other_seat.heard_s > heard_s + 0.2)
            assert (other_seat.fate, other.peer.connectionState) == ("", "connected")

    asyncio.run(main())
