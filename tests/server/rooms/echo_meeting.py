"""A real server with a real meeting in it; of the models an echo."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from room_peer import RoomPeer, Routes
from running_server import running

from server.rooms.access import Access
from server.rooms.store import RoomStore


@asynccontextmanager
async def meeting(folder: Path) -> AsyncIterator[Routes]:
    """Servers in the same folder know each other's tokens."""
    async with running() as server:
        runtime = server.runtime
        runtime.room_store = RoomStore(folder / "rooms.sqlite3", longest="none")
        runtime.access = Access(runtime.keys, policy="invited", secret=lambda: b"of the tests" * 3)
        known = folder / "room"
        if not known.exists():
            known.write_text(runtime.room_store.create("", open=True, transcripts="none", glossaries=()).id)
        yield Routes(server.http, runtime, None, known.read_text())


def captions(peer: RoomPeer) -> list[dict[str, Any]]:
    return [message["caption"] for message in peer.messages if message.get("caption", {}).get("text")]


def sequence(peer: RoomPeer) -> list[int]:
    return [caption["seq"] for caption in captions(peer)]
