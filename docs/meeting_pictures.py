"""Takes the pictures of docs/rooms: the meeting page in Chromium, in a real meeting of three on a running server.

dragoman serve --rooms open &
python docs/meeting_pictures.py http://localhost:8080 english.wav portuguese.wav docs/rooms

Only the answer of a full server is made up, since a server can't be asked to be full.
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import httpx
from playwright.sync_api import Browser, BrowserType, Page, expect, sync_playwright

DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
FULL = {"status": 503, "headers": {"Retry-After": "15"}, "body": json.dumps({"message": "the server is full"})}


def browser_with(chromium: BrowserType, microphone: Path) -> Browser:
    """Its microphone hears a file again and again, from the moment at which a page opens it."""
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone.absolute()}",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
    ]
    return chromium.launch(executable_path=shutil.which("chromium"), args=flags)


class Camera:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def take(self, page: Page, name: str) -> None:
        page.wait_for_timeout(400)  # until all is drawn
        page.screenshot(path=self._folder / f"{name}.png")


def opened(browser: Browser, link: str, *, locale: str = "en-US", **options: object) -> Page:
    context = browser.new_context(**{"viewport": DESKTOP, "locale": locale} | options)
    page = context.new_page()
    page.goto(link)
    return page


def enter(page: Page, name: str | None) -> None:
    """Through the lobby into the meeting; None: as a listener."""
    expect(page.locator("#join")).to_be_enabled()
    if name is None:
        page.locator("label.check").click()
    else:
        page.fill("#name", name)
    page.click("#join")
    expect(page.locator("body")).to_have_attribute("data-view", "meeting", timeout=15_000)


def meeting(camera: Camera, english: Browser, portuguese: Browser, room: dict[str, str], turn_s: float) -> None:
    by_name = room["link"].split("&")[0]
    ana = opened(english, room["link"])
    expect(ana.locator("#join")).to_be_enabled()
    ana.fill("#name", "Ana Whitfield")
    camera.take(ana, "lobby")
    enter(ana, "Ana Whitfield")
    bia = opened(portuguese, by_name, locale="pt-BR", color_scheme="dark")
    enter(bia, "Beatriz Souza")
    bia.click("#mute")
    phone = opened(english, by_name, locale="pt-BR", viewport=PHONE, color_scheme="dark")
    enter(phone, None)
    ana.wait_for_timeout(turn_s * 1000)
    ana.click("#mute")
    bia.click("#mute")
    bia.wait_for_timeout(turn_s * 1000)
    camera.take(ana, "meeting")
    camera.take(bia, "meeting-dark")
    camera.take(phone, "meeting-phone")
    ana.click("#open-settings")
    camera.take(ana, "settings")
    ana.keyboard.press("Escape")
    ana.click("#open-host")
    camera.take(ana, "manage")
    ana.keyboard.press("Escape")
    ana.locator(".more:visible").first.click()
    ana.click("#person [value=remove]")
    expect(bia.locator("body")).to_have_attribute("data-view", "over")
    camera.take(bia, "removed")


def refusals(camera: Camera, browser: Browser, room: dict[str, str]) -> None:
    by_name = room["link"].split("&")[0]
    camera.take(opened(browser, f"{by_name}&token=expired"), "link-refused")
    full = opened(browser, by_name, locale="es-ES", viewport=PHONE)
    full.route("**/join", lambda route: route.fulfill(**FULL))
    expect(full.locator("#join")).to_be_enabled()
    full.fill("#name", "Lucía")
    camera.take(full, "lobby-phone")
    full.click("#join")
    expect(full.locator("#meanwhile")).to_be_visible()
    camera.take(full, "full-phone")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("english", type=Path, help="WAV that the English speaker's page hears as its microphone")
    parser.add_argument("portuguese", type=Path, help="the same for the Portuguese speaker, who comes later")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--turn", type=float, default=20.0, help="seconds that each speaks before the pictures")
    args = parser.parse_args()
    camera = Camera(args.folder)
    room = httpx.post(f"{args.server}/v1/rooms", json={"name": "Product meeting"}).raise_for_status().json()
    with sync_playwright() as playwright:
        english = browser_with(playwright.chromium, args.english)
        portuguese = browser_with(playwright.chromium, args.portuguese)
        camera.take(opened(english, f"{args.server}/meet/"), "start")
        refusals(camera, english, room)
        english.close()
        english = browser_with(playwright.chromium, args.english)
        meeting(camera, english, portuguese, room, args.turn)
        english.close()
        portuguese.close()


if __name__ == "__main__":
    main()
