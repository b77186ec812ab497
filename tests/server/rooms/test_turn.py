"""A real TURN server (coturn) between two peers that may not reach each other otherwise."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCIceServer, RTCIceTransportPolicy
from room_peer import RoomPeer, join, routes, until

from server.config import Settings
from server.ice import read_ice

pytestmark = pytest.mark.skipif(shutil.which("turnserver") is None, reason="no coturn: run `apt-get install coturn`")


@asynccontextmanager
async def coturn(folder: Path) -> AsyncIterator[str]:
    """Its URL; the secret is `north`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = f"-n -L 127.0.0.1 -E 127.0.0.1 -p {port} --use-auth-secret --static-auth-secret=north -r here"
    limits = "--allow-loopback-peers --no-tls --no-dtls --no-cli --no-multicast-peers"
    paths = f"--pidfile={folder}/pid -l stdout --userdb={folder}/users"
    server = await asyncio.create_subprocess_exec(
        "turnserver", *options.split(), *limits.split(), *paths.split(), stdout=asyncio.subprocess.DEVNULL
    )
    await asyncio.sleep(1.0)
    try:
        yield f"turn:127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


def test_a_peer_behind_a_firewall_is_heard_through_the_relay(tmp_path: Path) -> None:
    async def main() -> None:
        async with coturn(tmp_path) as url:
            settings = Settings(ice=read_ice([url], login=None, secret="north"))
            async with routes(tmp_path, settings) as server:
                (given,) = (await server.http.get("/v1/ice")).json()["ice_servers"]
                relay = RTCConfiguration(
                    iceServers=[RTCIceServer(given["urls"], given["username"], given["credential"])],
                    iceTransportPolicy=RTCIceTransportPolicy.RELAY,
                )
                peer = RoomPeer(ice=relay)
                await join(server, peer)
                candidates = [line for line in peer.peer.localDescription.sdp.splitlines() if "a=candidate" in line]
                assert candidates and all(" typ relay" in line for line in candidates)
                await until(lambda: server.rooms.seats[0].heard_s > 0.5)
                await peer.peer.close()

    asyncio.run(main())


def test_the_server_offers_its_own_relayed_address(tmp_path: Path) -> None:
    async def main() -> None:
        async with coturn(tmp_path) as url:
            settings = Settings(ice=read_ice([url], login=None, secret="north"))
            async with routes(tmp_path, settings) as server:
                peer = RoomPeer()
                answer = await join(server, peer)
                assert " typ relay" in answer["sdp"]
                await peer.peer.close()

    asyncio.run(main())
