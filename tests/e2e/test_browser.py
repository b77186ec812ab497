"""The page in real headless Chromium against the real server: a file as its microphone, what it plays heard again."""

from pathlib import Path

import pytest
import soundfile
from playwright.sync_api import Page, expect, sync_playwright
from spoken import share_of_half_heard

from bench.page_recording import heard, record
from streaming.items import Samples

pytestmark = pytest.mark.e2e


def run_talk(page: Page, talk: Path, *, speak: str, hear: str) -> Samples:
    """Starts a session, lets the whole talk be spoken, stops and gives what was heard until the end."""
    page.locator("#speak").select_option(speak)
    page.locator("#hear").select_option(hear)
    page.locator("#start").click()
    expect(page.locator("body")).to_have_attribute("data-state", "live", timeout=15_000)
    record(page)
    page.wait_for_timeout(soundfile.info(talk).duration * 1000)
    page.locator("#stop").click()
    expect(page.locator("body")).to_have_attribute("data-state", "ended", timeout=90_000)
    return heard(page)


@pytest.mark.parametrize(("source", "target"), [("en", "pt"), ("pt", "en")])
def test_who_speaks_into_the_page_hears_the_translation(
    source, target, request, chromium, server_url, transcribe
) -> None:
    talk = request.getfixturevalue({"en": "half_english_talk", "pt": "half_portuguese_talk"}[source])
    arguments = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={talk}%noloop",
        "--autoplay-policy=no-user-gesture-required",
    ]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 800}, locale="en-US")
        page.goto(server_url)
        speech = run_talk(page, talk, speak=source, hear=target)
        captions = page.locator("#target-captions .committed").all_inner_texts()
        original = page.locator("#source-captions .committed").all_inner_texts()
        browser.close()
    assert share_of_half_heard(" ".join(original).lower(), source) >= 0.65
    assert share_of_half_heard(" ".join(captions).lower(), target) >= 0.65
    assert share_of_half_heard(transcribe(speech, target), target) >= 0.5
