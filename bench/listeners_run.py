"""A meeting with one speaker and ever more listeners: the server's use of the machine, and how the sound arrives."""

from __future__ import annotations

import json
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

import anyio
import httpx
from anyio.abc import Process
from anyio.streams.text import TextReceiveStream

from bench.corpus import Clip
from bench.systems.server_process import ProcessUse, read_process
from clients.file import FileSource
from clients.participant import Participant
from clients.webrtc import FileMicrophone
from streaming.audio import FRAME_MS
from streaming.errors import DragomanError

_JOIN_WITHIN_S = 180.0
GAP_S = 0.1
"""A packet is due every 20 ms; a browser's jitter buffer covers about this much when it has adapted."""


@dataclass(frozen=True, slots=True)
class Step:
    """So many listeners for a while."""

    listeners: int
    cpu_share: float
    """of one core, of the server alone, all of its work"""
    rss_mb: float
    lost: int
    """packets of all listeners that never came"""
    packets_a_second: float
    """of the listener that got the fewest; 50 are due"""
    longest_gap_s: float
    """between two packets of any listener"""
    gaps: int
    """listeners with one above GAP_S"""
    concealed: float
    """the share of what one more listener, in real Chromium, had to make up"""


class CrowdFailed(DragomanError):
    """The listeners' process ended before it had measured."""

    code = "crowd_failed"
    status = 502


async def measure(
    server: str, talk: Clip, source: str, target: str, counts: Sequence[int], seconds: float
) -> list[Step]:
    async with httpx.AsyncClient(base_url=server, timeout=30) as http:
        opened = (await http.post("/v1/rooms", json={"name": "Listeners"})).raise_for_status().json()
        room, token = opened["room"], opened["token"]
        with FileSource(talk.path) as speech:
            speaker = Participant(server, room, token)
            microphone = FileMicrophone(speech.chunks(FRAME_MS))
            await speaker.join(http, microphone, name="Speaker", speaks=source, hears=source, captions=source)
            async with anyio.create_task_group() as attending:
                attending.start_soon(speaker.attend)
                steps = [await _step(server, room, token, target, count, seconds) for count in counts]
                attending.cancel_scope.cancel()
            await speaker.leave()
    return steps


async def _step(server: str, room: str, token: str, language: str, count: int, seconds: float) -> Step:
    crowd = await _start("bench.listener_crowd", server, room, token, language, str(count), str(seconds))
    browser = await _start("bench.browser_listener", server, room, token, language)
    try:
        with anyio.fail_after(_JOIN_WITHIN_S + seconds):
            in_browser, in_crowd = _lines(browser), _lines(crowd)
            await anext(in_browser)
            await anext(in_crowd)
            await _tell(browser, "begin")
            before = await read_process(server)
            await anyio.sleep(seconds)
            after = await read_process(server)
            await _tell(browser, "end")
            heard = json.loads(await anext(in_crowd))
            concealed = float(await anext(in_browser))
    except (StopAsyncIteration, TimeoutError) as error:
        raise CrowdFailed(f"{count} listeners did not get in; their process says above why") from error
    finally:
        await browser.aclose()
        await crowd.aclose()
    if before is None or after is None:
        raise CrowdFailed("the server does not tell what it uses")
    return _figures(count, heard, concealed, before, after, seconds)


async def _start(module: str, *arguments: str) -> Process:
    return await anyio.open_process([sys.executable, "-m", module, *arguments], stderr=None)


async def _tell(process: Process, line: str) -> None:
    assert process.stdin is not None
    await process.stdin.send(f"{line}\n".encode())


def _figures(
    count: int, heard: dict[str, Any], concealed: float, before: ProcessUse, after: ProcessUse, seconds: float
) -> Step:
    return Step(
        listeners=count,
        cpu_share=round((after.cpu_s - before.cpu_s) / (after.at_s - before.at_s), 3),
        rss_mb=round(after.rss_bytes / 1e6, 1),
        lost=sum(heard["lost"]),
        packets_a_second=round(min(heard["packets"]) / seconds, 1),
        longest_gap_s=max(heard["longest_gap_s"]),
        gaps=sum(gap > GAP_S for gap in heard["longest_gap_s"]),
        concealed=concealed,
    )


async def _lines(process: Process) -> AsyncIterator[str]:
    assert process.stdout is not None
    rest = ""
    async for text in TextReceiveStream(process.stdout):
        *whole, rest = (rest + text).split("\n")
        for line in whole:
            yield line
