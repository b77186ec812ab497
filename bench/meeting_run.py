"""A meeting of three in real Chromium on a live server: what each of them heard and read, and how late."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, sync_playwright

from bench.conversation import Turn, write_microphone
from bench.meeting_page import Row, chromium, concealed, enter, find_chromium, lobby, locale_of, received, rows, told
from bench.page_recording import heard, record
from streaming.items import Samples

_REST_S = 12.0
"""for what is still being said when the last turn has ended"""


@dataclass(frozen=True, slots=True)
class Attended:
    """One participant's meeting."""

    name: str
    language: str
    ear: Samples
    """what the page played, 24 kHz mono"""
    rows: list[Row]
    messages: list[tuple[float, dict[str, Any]]]
    """(seconds on the page's clock, message of the server)"""
    packets_lost: int
    concealed: float
    """the share of what was played that Chromium made up"""


def hold(
    server: str, speakers: Sequence[tuple[str, str]], turns: Sequence[Turn], folder: Path
) -> tuple[list[Attended], dict[str, Any]]:
    """`speakers` are (name, language), the first is the host. Also the transcript that the server kept, as JSON.

    Raises NoChromium, and playwright's errors for a page that does not do what it should.
    """
    executable = find_chromium()
    room = httpx.post(f"{server}/v1/rooms", json={"name": "Meeting"}).raise_for_status().json()
    by_name = f"{server}/meet/#room={room['room']}"
    with sync_playwright() as playwright, ExitStack() as stack:
        pages: list[Page] = []
        for number, (name, language) in enumerate(speakers):
            microphone = write_microphone(name, turns, folder / f"{number}.wav", seed=number)
            browser = stack.enter_context(chromium(playwright, executable, microphone))
            link = by_name if pages else room["link"]
            pages.append(lobby(browser, link, name, locale=locale_of(language)))
        for page in pages:
            enter(page)
        for page in pages:
            record(page)
        before = [received(page) for page in pages]
        pages[0].wait_for_timeout(1000 * (turns[-1].begins_s + turns[-1].clip.seconds + _REST_S))
        transcript = _transcript(server, room)
        return [
            _attended(name, language, page, first)
            for (name, language), page, first in zip(speakers, pages, before, strict=True)
        ], transcript


def _attended(name: str, language: str, page: Page, before: dict[str, Any]) -> Attended:
    after = received(page)
    lost = after.get("packetsLost", 0) - before.get("packetsLost", 0)
    return Attended(name, language, heard(page), rows(page), told(page), lost, concealed(before, after))


def _transcript(server: str, room: dict[str, Any]) -> dict[str, Any]:
    address = f"{server}/v1/rooms/{room['room']}/transcript"
    answer = httpx.get(address, headers={"Authorization": f"Bearer {room['token']}"})
    kept: dict[str, Any] = answer.raise_for_status().json()
    return kept
