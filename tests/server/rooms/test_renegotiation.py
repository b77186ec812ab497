from __future__ import annotations

import asyncio
import json
from pathlib import Path

from echo_meeting import captions, meeting
from room_peer import RoomPeer, join, until


def test_a_listener_begins_to_speak_by_a_new_offer_in_the_same_seat(tmp_path: Path) -> None:
    async def main() -> None:
        async with meeting(tmp_path) as server:
            listening, speaking, bia = RoomPeer("recvonly"), RoomPeer(), RoomPeer("recvonly")
            seat = await join(server, listening, "speaker", name="Ana", hears="en", captions="en")
            await join(server, bia, "listener", name="Bia", hears="pt", captions="pt")
            await until(lambda: listening.events.readyState == "open")
            listening.events.send(json.dumps({"set": {"speaks": "en"}}))
            await until(lambda: any(message["room"]["participants"] for message in bia.messages if "room" in message))
            again = await join(server, speaking, resume=seat["resume"])
            assert again["participant"] == seat["participant"]
            await until(lambda: listening.peer.connectionState == "closed")
            await until(lambda: len(captions(bia)) >= 2)
            assert {caption["participant"] for caption in captions(bia)} == {seat["participant"]}
            await asyncio.gather(listening.peer.close(), speaking.peer.close(), bia.peer.close())

    asyncio.run(main())
