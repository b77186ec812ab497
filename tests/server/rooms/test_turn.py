"""A real TURN server (coturn) between two peers that may not reach each other otherwise."""

from __future__ import annotations

import asyncio
import random
import shutil
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest
from aiortc import RTCConfiguration, RTCIceServer, RTCIceTransportPolicy
from room_peer import RoomPeer, join, routes, until

from server.config import Settings
from server.ice import read_ice

pytestmark = pytest.mark.skipif(shutil.which("turnserver") is None, reason="no coturn: run `apt-get install coturn`")


def free_port() -> int:
    """Below the range from which the system gives ports to others, so that nobody takes it before coturn does."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise OSError("no free UDP port between 20000 and 30000")


async def answers(port: int) -> None:
    """Returns when a STUN binding request (RFC 8489) is answered there; TimeoutError after 10 s."""
    request = struct.pack(">HHI12s", 0x0001, 0, 0x2112A442, b"dragoman-ice")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.setblocking(False)
        client.connect(("127.0.0.1", port))
        async with asyncio.timeout(10.0):
            while True:
                with suppress(OSError):  # nobody listens yet: refused
                    client.send(request)
                    async with asyncio.timeout(0.2):
                        await asyncio.get_running_loop().sock_recv(client, 1500)
                    return
                await asyncio.sleep(0.05)


@asynccontextmanager
async def coturn(folder: Path) -> AsyncIterator[str]:
    """Its URL; the secret is `north`."""
    port = free_port()
    options = f"-n -L 127.0.0.1 -E 127.0.0.1 -p {port} --use-auth-secret --static-auth-secret=north -r here"
    limits = "--allow-loopback-peers --no-tcp --no-tls --no-dtls --no-cli --no-multicast-peers"
    paths = f"--pidfile={folder}/pid -l stdout --userdb={folder}/users"
    server = await asyncio.create_subprocess_exec(
        "turnserver", *options.split(), *limits.split(), *paths.split(), stdout=asyncio.subprocess.DEVNULL
    )
    try:
        await answers(port)
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
