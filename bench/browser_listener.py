"""One more listener of a room, in real Chromium: how much of what it plays it has to make up.

    python -m bench.browser_listener SERVER ROOM TOKEN LANGUAGE

prints a line when it is in. From the next line of its standard input to the one after that it measures, and then prints
the share.
"""

from __future__ import annotations

import sys

from playwright.sync_api import sync_playwright

from bench.meeting_page import chromium, concealed, enter, find_chromium, lobby, locale_of, received


def main(arguments: list[str]) -> None:
    server, room, token, language = arguments
    with sync_playwright() as playwright, chromium(playwright, find_chromium(), None) as browser:
        link = f"{server}/meet/#room={room}&token={token}"
        page = lobby(browser, link, None, locale=locale_of(language))
        enter(page)
        print("joined", flush=True)
        sys.stdin.readline()
        before = received(page)
        sys.stdin.readline()
        print(concealed(before, received(page)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
