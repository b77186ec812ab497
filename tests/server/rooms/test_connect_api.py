from __future__ import annotations

import asyncio
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from av import AudioFrame, CodecContext, Packet
from room_peer import WISHES, RoomPeer, join, joined, routes, until

from server.config import Settings
from server.ice import read_ice


def beep(number: int) -> Packet:
    """20 ms of Opus, full of sound."""
    encoder = CodecContext.create("libopus", "w")
    encoder.format, encoder.layout, encoder.sample_rate = "s16", "stereo", 48_000
    frame = AudioFrame(format="s16", layout="stereo", samples=960)
    frame.planes[0].update((b"\x00\x40" * 20 + b"\x00\xc0" * 20) * 48)
    frame.sample_rate = 48_000
    packet = encoder.encode(frame)[0]
    packet.pts, packet.time_base = 960 * number, Fraction(1, 48_000)
    return packet


def test_who_joins_is_heard_hears_the_mix_and_reads_the_messages(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, joined(server) as (peer, seat):
            await until(lambda: seat.heard_s > 0.5)
            seat.messages.send_nowait({"room": {"listeners": 3}})
            for number in range(50):
                seat.packets.send_nowait(beep(number))
                await asyncio.sleep(0.02)
            assert peer.messages == [{"room": {"listeners": 3}}]
            loud = [frame for frame in peer.heard if abs(frame.to_ndarray()).max() > 8000]
            assert len(loud) > 30

    asyncio.run(main())


def test_the_answer_says_who_one_is(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            peer = RoomPeer()
            server.rooms.tokens = ["again"]
            answer = await join(server, peer, "host")
            seat = server.rooms.seats[0]
            assert (answer["type"], answer["participant"], answer["resume"]) == ("answer", "p1", "again")
            assert answer["room"] == seat.state()
            assert (seat.role, seat.wishes.name, seat.wishes.original) == ("host", "Ana", 0.2)
            await peer.peer.close()

    asyncio.run(main())


def test_a_listener_needs_no_microphone(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            peer = RoomPeer("recvonly")
            await join(server, peer, "listener", name="Eva", hears="en")
            await until(lambda: peer.events.readyState == "open")
            server.rooms.seats[0].messages.send_nowait({"room": {}})
            await until(lambda: bool(peer.messages))
            await peer.peer.close()

    asyncio.run(main())


def test_a_listener_may_not_speak(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            body = {"sdp": "", "type": "offer", **WISHES}
            response = await server.http.post(
                f"/v1/rooms/{server.room}/join", json=body, headers=server.bearer("listener")
            )
            assert (response.status_code, response.json()["code"]) == (403, "forbidden")
            assert not server.rooms.seats

    asyncio.run(main())


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"type": "answer"}, "join.type"),
        ({"name": None}, "join.name"),
        ({"speaks": 7}, "join.speaks"),
        ({"sdp": "nonsense"}, "sdp"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_and_keeps_no_seat(
    tmp_path: Path, fields: dict[str, object], named: str
) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            body = {"sdp": await RoomPeer().offer(), "type": "offer", **WISHES} | fields
            response = await server.http.post(
                f"/v1/rooms/{server.room}/join",
                content=json.dumps(body),
                headers=server.bearer("speaker"),
            )
            assert response.status_code == 400
            assert named in response.json()["message"]
            assert [seat.fate for seat in server.rooms.seats] in ([], ["left "])

    asyncio.run(main())


@pytest.mark.parametrize(
    ("peer", "named"),
    [
        (lambda: RoomPeer("recvonly"), "no audio track to listen to"),
        (lambda: RoomPeer("sendonly"), "does not receive"),
        (lambda: RoomPeer(channel=False), "no data channel"),
    ],
)
def test_an_offer_without_place_for_what_was_wished_is_refused(tmp_path: Path, peer: Any, named: str) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            body = {"sdp": await peer().offer(), "type": "offer", **WISHES}
            response = await server.http.post(
                f"/v1/rooms/{server.room}/join", json=body, headers=server.bearer("speaker")
            )
            assert response.status_code == 400
            assert named in response.json()["message"]
            assert server.rooms.seats[0].fate == "left "

    asyncio.run(main())


def test_who_is_not_invited_stays_out(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            body = {"sdp": "", "type": "offer", **WISHES}
            response = await server.http.post(f"/v1/rooms/{server.room}/join", json=body)
            assert response.status_code == 401
            elsewhere = await server.http.post("/v1/rooms/other/join", json=body, headers=server.bearer("host"))
            assert elsewhere.status_code == 404
            foreign = {**server.bearer("host"), "Origin": "https://evil.example"}
            assert (
                await server.http.post(f"/v1/rooms/{server.room}/join", json=body, headers=foreign)
            ).status_code == 403

    asyncio.run(main())


def test_who_lost_the_connection_takes_the_seat_again_and_the_old_connection_is_closed(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, joined(server) as (old, seat):
            token = server.runtime.access.issue_resume(server.room, seat.participant)
            new = RoomPeer()
            answer = await join(server, new, resume=token, seen=812)
            assert answer["participant"] == seat.participant
            assert seat.fate == "lost "
            await until(lambda: old.peer.connectionState == "closed")
            await until(lambda: server.rooms.seats[-1].heard_s > 0.2)
            assert server.rooms.seats[-1].fate == ""
            await until(lambda: new.messages == [{"caption": {"seq": 813}}])
            await new.peer.close()

    asyncio.run(main())


def test_who_comes_back_after_a_restart_gets_the_same_identity(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            token = server.runtime.access.issue_resume(server.room, "p7")
            peer = RoomPeer()
            answer = await join(server, peer, resume=token, **WISHES)
            assert answer["participant"] == "p7"
            await until(lambda: server.rooms.seats[0].heard_s > 0.1)
            await peer.peer.close()

    asyncio.run(main())


def test_who_comes_back_to_no_seat_and_wishes_for_nothing_is_told(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            token = server.runtime.access.issue_resume(server.room, "p7")
            body = {"sdp": "", "type": "offer", "resume": token}
            response = await server.http.post(f"/v1/rooms/{server.room}/join", json=body)
            assert (response.status_code, response.json()["code"]) == (404, "not_found")

    asyncio.run(main())


def test_a_resume_token_of_nobody_is_refused(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            body = {"sdp": "", "type": "offer", "resume": "made up"}
            response = await server.http.post(f"/v1/rooms/{server.room}/join", json=body)
            assert response.status_code == 401

    asyncio.run(main())


def test_the_ice_servers_are_for_whoever_may_come_in(tmp_path: Path) -> None:
    ice = read_ice(["stun:stun.example.org", "turn:turn.example.org"], login=None, secret="north")
    settings = Settings(api_keys=("right",), ice=ice)

    async def main() -> None:
        async with routes(tmp_path, settings) as server:
            assert (await server.http.get("/v1/ice")).status_code == 401
            assert (await server.http.get("/v1/ice", headers={"Authorization": "Bearer x"})).status_code == 401
            told = await server.http.get("/v1/ice", headers=server.bearer("listener"))
            stun, turn = told.raise_for_status().json()["ice_servers"]
            assert stun == {"urls": ["stun:stun.example.org"]}
            assert turn["urls"] == ["turn:turn.example.org"]
            assert turn["username"].endswith(":dragoman")
            assert "north" not in told.text
            assert told.headers["Cache-Control"] == "no-store"
            key = {"Authorization": "DeepL-Auth-Key right"}
            assert (await server.http.get("/v1/ice", headers=key)).status_code == 200

    asyncio.run(main())


def test_without_ice_servers_the_list_is_empty(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            assert (await server.http.get("/v1/ice")).json() == {"ice_servers": []}

    asyncio.run(main())
