"""Takes the README's picture: the page in Chromium, in the middle of a real session on a running server.

dragoman serve &
python docs/picture.py http://localhost:8080 talk.wav docs/page.png --from en --to pt --after 20
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

from playwright.sync_api import expect, sync_playwright


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("talk", type=Path, help="WAV that the page hears as its microphone")
    parser.add_argument("picture", type=Path)
    parser.add_argument("--from", dest="source", default="en")
    parser.add_argument("--to", dest="target", default="pt")
    parser.add_argument("--after", type=float, default=20.0, help="seconds into the talk")
    parser.add_argument("--size", default="1280x800")
    args = parser.parse_args()
    width, height = map(int, args.size.split("x"))
    flags = [
        "--no-sandbox",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={args.talk.absolute()}%noloop",
        "--autoplay-policy=no-user-gesture-required",
        "--disable-background-networking",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=flags)
        page = browser.new_page(viewport={"width": width, "height": height}, locale="en-US")
        page.goto(args.server)
        page.locator("#speak").select_option(args.source)
        page.locator("#hear").select_option(args.target)
        page.locator("#start").click()
        expect(page.locator("body")).to_have_attribute("data-state", "live", timeout=15_000)
        page.wait_for_timeout(args.after * 1000)
        page.screenshot(path=args.picture)
        browser.close()


if __name__ == "__main__":
    main()
