"""The meeting page in real Chromium, as one participant has it open: a file as the microphone, all that comes noted."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, expect

from streaming.errors import DragomanError

# The page's own connection, watched: what the server tells, by the page's clock in seconds; the peer for getStats.
_WATCH = """
window.told = [];
window.peers = [];
window.RTCPeerConnection = class extends RTCPeerConnection {
  constructor(...options) {
    super(...options);
    window.peers.push(this);
  }
  createDataChannel(...options) {
    const channel = super.createDataChannel(...options);
    channel.addEventListener("message", ({ data }) => window.told.push([performance.now() / 1000, data]));
    return channel;
  }
};
"""
_RECEIVED = """async () => {
  const stats = await window.peers.at(-1).getStats();
  return [...stats.values()].find(({ type, kind }) => type === "inbound-rtp" && kind === "audio") ?? {};
}"""
_ROWS = """() => {
  let name = "";
  const text = (row, pieces) => [...row.querySelectorAll(pieces)].map(({ textContent }) => textContent).join("");
  return [...document.querySelectorAll("#log .said")].map((row) => {
    name = row.querySelector(".who .name")?.textContent ?? name;
    const reading = text(row, ".reading :is(.committed, .skipped)");
    return [name, reading, text(row, ".reading .committed"), text(row, ".spoken .committed")];
  });
}"""
_IN_WITHIN_MS = 30_000


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence."""

    speaker: str
    reading: str
    """in the reader's language, translated or as it was said"""
    heard: str
    """of it, without what was skipped to catch up"""
    spoken: str
    """the speaker's own words, where they are in another language"""


class NoChromium(DragomanError):
    """There is no browser to open the page in."""

    code = "no_chromium"
    status = 502


def find_chromium() -> str:
    """Its path. Raises NoChromium."""
    executable = shutil.which("chromium")
    if executable is None:
        raise NoChromium("chromium is not installed (Debian: apt-get install chromium)")
    return executable


@contextmanager
def chromium(playwright: Playwright, executable: str, microphone: Path | None) -> Iterator[Browser]:
    """Its microphone hears the file once, from the moment at which a page opens it; None: there is none."""
    flags = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
    ]
    if microphone is not None:
        flags.append(f"--use-file-for-fake-audio-capture={microphone.absolute()}%noloop")
    browser = playwright.chromium.launch(executable_path=executable, args=flags)
    try:
        yield browser
    finally:
        browser.close()


def locale_of(language: str) -> str:
    """Of a browser whose user speaks the language."""
    return {"pt": "pt-BR", "es": "es-ES"}.get(language, "en-US")


def lobby(browser: Browser, link: str, name: str | None, *, locale: str) -> Page:
    """Ready to join; None: as a listener."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale=locale).new_page()
    page.add_init_script(_WATCH)
    page.goto(link)
    if name is None:
        page.locator("label.check").click()
    else:
        page.fill("#name", name)
    expect(page.locator("#join")).to_be_enabled(timeout=_IN_WITHIN_MS)
    return page


def enter(page: Page) -> None:
    page.click("#join")
    expect(page.locator("body")).to_have_attribute("data-view", "meeting", timeout=_IN_WITHIN_MS)
    expect(page.locator("body")).to_have_attribute("data-state", "live", timeout=_IN_WITHIN_MS)


def concealed(before: dict[str, Any], after: dict[str, Any]) -> float:
    """The share of what was played between two `received` that Chromium made up, since no packet was there in time;
    what it filled silence with is not in it.
    """
    made_up, silent, played = (
        after.get(name, 0) - before.get(name, 0)
        for name in ("concealedSamples", "silentConcealedSamples", "totalSamplesReceived")
    )
    return round((made_up - silent) / played, 4) if played else 0.0


def told(page: Page) -> list[tuple[float, dict[str, Any]]]:
    """(seconds on the page's clock, message), in order."""
    return [(at_s, json.loads(text)) for at_s, text in page.evaluate("window.told")]


def received(page: Page) -> dict[str, Any]:
    """The inbound audio's RTCInboundRtpStreamStats (W3C webrtc-stats) so far; empty before the first packet."""
    stats: dict[str, Any] = page.evaluate(_RECEIVED)
    return stats


def rows(page: Page) -> list[Row]:
    """What was said so far, as the page shows it."""
    return [Row(*row) for row in page.evaluate(_ROWS)]
