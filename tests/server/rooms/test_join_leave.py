"""Whoever comes and goes leaves nothing behind. DRAGOMAN_CYCLES=200 for as many as a long day has (docs/bench.md)."""

from __future__ import annotations

import asyncio
import gc
import os
import threading
from collections import Counter
from pathlib import Path

import anyio
import pytest
from aiortc import RTCPeerConnection
from aiortc.mediastreams import MediaStreamTrack
from running_server import Running, running
from test_webrtc import Tone

from bench.memory_samples import own_memory_mb
from clients.participant import Participant
from server.config import Settings
from server.rooms.meeting_seat import MeetingSeat
from server.rooms.speaker import Speaker

CYCLES = int(os.environ.get("DRAGOMAN_CYCLES", "8"))
SETTLING = 3
"""The first cycles fill caches and thread pools."""


def left_behind() -> Counter[str]:
    gc.collect()
    kinds = (RTCPeerConnection, MediaStreamTrack, MeetingSeat, Speaker)
    count = Counter(type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, kinds))
    count["tasks"] = len(asyncio.all_tasks())
    count["threads"] = sum(not thread.name.startswith(("asyncio_", "AnyIO")) for thread in threading.enumerate())
    count["files"] = len(list(Path("/proc/self/fd").iterdir()))
    return count


async def visit(server: Running, room: str, token: str, *, politely: bool) -> None:
    """Two come, one speaks, both hear; both go, with a word or without."""
    ana, bia = (Participant(server.url, room, token) for _ in range(2))
    await ana.join(server.http, Tone(), name="Ana", speaks="en", hears="en", captions="en")
    await bia.join(server.http, None, name="Bia", hears="pt", captions="pt")
    async with anyio.create_task_group() as attending:
        attending.start_soon(ana.attend)
        attending.start_soon(bia.attend)
        await bia.until(lambda: bia.heard.pieces and ana.heard.pieces, within_s=15)
        for each in (ana, bia):
            await (each.leave() if politely else each.drop())


async def emptied(server: Running, room: str, token: str) -> None:
    """Until the room has noticed that all are gone."""
    with anyio.fail_after(60):
        while True:
            answer = await server.http.get(f"/v1/rooms/{room}", headers={"Authorization": f"Bearer {token}"})
            if answer.json()["speakers"] == answer.json()["listeners"] == 0:
                return
            await anyio.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux tells them")
def test_coming_and_going_leaves_no_task_track_thread_or_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.rooms.meeting.KEPT_S", 0.2)

    async def main() -> None:
        async with running(Settings(rooms="open")) as server:
            opened = (await server.http.post("/v1/rooms", json={"name": "Board"})).json()
            room, token = opened["room"], opened["token"]
            for cycle in range(CYCLES + SETTLING):
                await visit(server, room, token, politely=cycle % 2 == 0)
                await emptied(server, room, token)
                if cycle == SETTLING - 1:
                    before, began_mb = left_behind(), own_memory_mb()
            after = left_behind()
            with capsys.disabled():
                print(f" [{CYCLES} cycles: {began_mb:.0f} MB before, {own_memory_mb():.0f} after] ", end="")
            assert after - before == Counter()

    asyncio.run(main())
