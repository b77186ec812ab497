from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from room_peer import RoomPeer, Routes, routes, until
from test_connect_api import beep

from server.config import Settings
from server.ice import read_ice

SDP = {"Content-Type": "application/sdp"}
FRAGMENT = {"Content-Type": "application/trickle-ice-sdpfrag"}


async def post(server: Routes, path: str, sdp: str, role: str = "speaker", **headers: str) -> httpx.Response:
    headers = SDP | server.bearer(role) | headers
    return await server.http.post(f"/v1/rooms/{server.room}/{path}", content=sdp, headers=headers)


@asynccontextmanager
async def broadcasting(server: Routes) -> AsyncIterator[tuple[RoomPeer, httpx.Response]]:
    peer = RoomPeer("sendonly", channel=False)
    answer = await post(server, "whip?speaks=en&name=Stage&voice=female", await peer.offer())
    await peer.accept(answer.text)
    yield peer, answer
    await peer.peer.close()


def test_whip_takes_a_voice(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, broadcasting(server) as (_peer, answer):
            assert answer.status_code == 201
            assert answer.headers["Content-Type"].startswith("application/sdp")
            assert "a=recvonly" in answer.text
            assert "a=setup:passive" in answer.text  # or GStreamer, with its RSA certificate, finds no cipher
            assert answer.headers["Location"].startswith(f"/v1/rooms/{server.room}/whip/")
            seat = server.rooms.seats[0]
            assert (seat.wishes.name, seat.wishes.speaks, seat.wishes.voice) == ("Stage", "en", "female")
            await until(lambda: seat.heard_s > 0.5)

    asyncio.run(main())


def test_a_delete_ends_the_session_and_its_participant_leaves(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, broadcasting(server) as (_peer, answer):
            seat = server.rooms.seats[0]
            await until(lambda: seat.heard_s > 0.1)
            url = answer.headers["Location"]
            assert (await server.http.delete(url)).status_code == 401
            assert (await server.http.delete(url, headers=server.bearer("speaker"))).status_code == 200
            await until(lambda: seat.fate == "left ")
            assert (await server.http.delete(url, headers=server.bearer("speaker"))).status_code == 404

    asyncio.run(main())


def test_a_broadcaster_that_falls_silent_is_given_up(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            server.runtime.silent_peer_s = 0.5
            async with broadcasting(server) as (peer, _answer):
                await until(lambda: server.rooms.seats[0].heard_s > 0.1)
                peer.microphone.stuck = True
                await until(lambda: server.rooms.seats[0].fate == "lost ")

    asyncio.run(main())


def test_whep_plays_the_mix_and_lives_though_its_player_says_nothing(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            server.runtime.silent_peer_s = 0.3
            peer = RoomPeer("recvonly", channel=False)
            answer = await post(server, "whep?hears=pt&original=0", await peer.offer(), "listener")
            assert answer.status_code == 201
            assert "a=sendonly" in answer.text
            await peer.accept(answer.text)
            await until(lambda: peer.peer.connectionState == "connected")
            seat = server.rooms.seats[0]
            assert (seat.wishes.speaks, seat.wishes.hears, seat.wishes.original) == (None, "pt", 0.0)
            for number in range(40):
                seat.packets.send_nowait(beep(number))
                await asyncio.sleep(0.02)
            assert any(abs(frame.to_ndarray()).max() > 8000 for frame in peer.heard)
            assert seat.fate == ""
            await peer.peer.close()
            await until(lambda: seat.fate == "lost ")

    asyncio.run(main())


def test_the_video_of_a_broadcaster_is_not_taken(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            peer = RoomPeer("sendonly", channel=False)
            peer.peer.addTransceiver("video", "sendonly")
            answer = await post(server, "whip?speaks=en", await peer.offer())
            assert [line for line in answer.text.splitlines() if line in ("a=recvonly", "a=inactive")] == [
                "a=recvonly",
                "a=inactive",
            ]
            await peer.accept(answer.text)
            await until(lambda: server.rooms.seats[0].heard_s > 0.2)
            await peer.peer.close()

    asyncio.run(main())


def test_candidates_found_later_are_taken(tmp_path: Path) -> None:
    """The offer has none, as of a client that trickles: only the PATCH tells the server where the client is."""

    async def main() -> None:
        async with routes(tmp_path) as server:
            peer = RoomPeer("sendonly", channel=False)
            lines = (await peer.offer()).splitlines()
            found = [line for line in lines if line.startswith(("a=candidate", "a=end-of-candidates"))]
            told = [line for line in lines if line not in found]
            answer = await post(server, "whip?speaks=en", "\r\n".join(told) + "\r\n")
            ufrag = next(line for line in lines if line.startswith("a=ice-ufrag"))
            fragment = "\r\n".join([ufrag, "m=audio 9 UDP/TLS/RTP/SAVPF 0", "a=mid:0", *found])
            headers = FRAGMENT | server.bearer("speaker") | {"If-Match": answer.headers["ETag"]}
            patched = await server.http.patch(answer.headers["Location"], content=fragment, headers=headers)
            assert patched.status_code == 204
            await peer.accept(answer.text)
            await until(lambda: server.rooms.seats[0].heard_s > 0.2)
            await peer.peer.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("headers", "fragment", "status"),
    [
        ({}, "a=ice-ufrag:UFRAG", 428),
        ({"If-Match": '"other"'}, "a=ice-ufrag:UFRAG", 412),
        ({"If-Match": "*"}, "a=ice-ufrag:new1\r\na=ice-pwd:new", 422),
        ({"If-Match": "ETAG"}, "a=ice-ufrag:new1\r\na=ice-pwd:new", 422),
        ({"If-Match": "ETAG"}, "", 400),
        ({"If-Match": "ETAG"}, "a=ice-ufrag:UFRAG\r\na=candidate:nonsense", 400),
        ({"If-Match": "ETAG", "Content-Type": "application/sdp"}, "a=ice-ufrag:UFRAG", 415),
    ],
)
def test_a_patch_that_cannot_be_is_answered_as_the_rfc_says(
    tmp_path: Path, headers: dict[str, str], fragment: str, status: int
) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server, broadcasting(server) as (peer, answer):
            ufrag = next(line for line in peer.peer.localDescription.sdp.splitlines() if "ice-ufrag" in line)
            sent = {name: answer.headers["ETag"] if text == "ETAG" else text for name, text in headers.items()}
            patched = await server.http.patch(
                answer.headers["Location"],
                content=fragment.replace("a=ice-ufrag:UFRAG", ufrag),
                headers=FRAGMENT | server.bearer("speaker") | sent,
            )
            assert patched.status_code == status

    asyncio.run(main())


@pytest.mark.parametrize(
    ("path", "sdp", "headers", "status"),
    [
        ("whip?speaks=en", "nonsense", {}, 400),
        ("whip", "", {}, 400),
        ("whep?hears=pt&original=loud", "", {}, 400),
        ("whep", "", {}, 400),
        ("whip?speaks=en", "", {"Content-Type": "application/json"}, 415),
        ("whip?speaks=en", "", {"Authorization": "Bearer made.up.token"}, 401),
        ("whip?speaks=en", "", {"Origin": "https://evil.example"}, 403),
        ("whip?speaks=en", "x" * 300_000, {}, 413),
    ],
)
def test_an_offer_that_cannot_be_is_refused(
    tmp_path: Path, path: str, sdp: str, headers: dict[str, str], status: int
) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            answer = await post(server, path, sdp, **headers)
            assert answer.status_code == status
            assert [seat.fate for seat in server.rooms.seats] in ([], ["left "])

    asyncio.run(main())


def test_a_listener_may_not_broadcast(tmp_path: Path) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            assert (await post(server, "whip?speaks=en", "", "listener")).status_code == 403

    asyncio.run(main())


@pytest.mark.parametrize("method", ["GET", "PUT"])
def test_methods_that_whip_keeps_for_later_are_refused(tmp_path: Path, method: str) -> None:
    async def main() -> None:
        async with routes(tmp_path) as server:
            for path in ("whip", "whep/1"):
                answer = await server.http.request(method, f"/v1/rooms/{server.room}/{path}")
                assert answer.status_code == 405
            told = await server.http.options(f"/v1/rooms/{server.room}/whip")
            assert (told.status_code, told.headers["Accept-Post"]) == (204, "application/sdp")

    asyncio.run(main())


def test_the_answer_names_the_ice_servers(tmp_path: Path) -> None:
    ice = read_ice(["turn:127.0.0.1:9?transport=tcp", "turns:127.0.0.1:9"], login='a"b:c', secret=None)

    async def main() -> None:
        async with routes(tmp_path) as server:
            server.runtime.settings = Settings(ice=ice)
            peer = RoomPeer("sendonly", channel=False)
            answer = await post(server, "whip?speaks=en", await peer.offer())
            assert answer.headers["Link"] == (
                '<turn:127.0.0.1:9?transport=tcp>; rel="ice-server"; username="a\\"b"; credential="c";'
                ' credential-type="password", <turns:127.0.0.1:9>; rel="ice-server"; username="a\\"b";'
                ' credential="c"; credential-type="password"'
            )
            await peer.peer.close()

    asyncio.run(main())
