"""The page in a real browser, against a real WebRTC peer that plays a script."""

import contextlib
import os
import shutil

import pytest
from background_app import serving
from page_server import PageServer
from playwright.sync_api import Page, expect, sync_playwright

pytestmark = pytest.mark.e2e

CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-device-for-media-stream"]
GRANTED = [*QUIET, "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
DENIED = [*QUIET, "--deny-permission-prompts"]
FROM_ELSEWHERE = [*GRANTED, "--host-resolver-rules=MAP dragoman.test 127.0.0.1"]


@contextlib.contextmanager
def opened(server: PageServer, arguments=GRANTED, *, host="127.0.0.1", viewport=(1280, 800)):
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("chromium is not installed: the page is not tested in a browser")
    with serving(server.app()) as url, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(arguments))
        page = browser.new_page(viewport={"width": viewport[0], "height": viewport[1]}, locale="en-US")
        page.goto(url.replace("127.0.0.1", host))
        yield page
        browser.close()


def state(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", name, timeout=15_000)


def wait_until_heard(page: Page) -> None:
    """By polling: the page's policy forbids Playwright's own `wait_for_function`."""
    for _ in range(100):
        if page.evaluate("document.querySelector('#voice').currentTime") > 0.5:
            return
        page.wait_for_timeout(100)
    pytest.fail("the voice does not play")


def source(text: str, start: float = 0.0) -> dict:
    return {"language": "en", "text": text, "start_time": start, "end_time": start + 300}


def target(text: str) -> dict:
    return {"text": text, "start_time": 0, "end_time": 300}


SCRIPT = [
    {"source_transcript_update": {"concluded": [source("Good"), source("morning.")], "tentative": [source("We")]}},
    {"target_transcript_update": {"language": "pt-BR", "concluded": [target("Bom dia.")], "tentative": []}},
    {"ear_voice_span": {"language": "pt-BR", "seconds": 2.31, "clause": 0}},
    {"budget": {"level": 1, "reason": "the voice lags"}},
    {"clause_skipped": {"language": "pt-BR", "clause": 0, "text": "Bom dia.", "reason": "late"}},
]


def test_a_session_shows_captions_plays_the_voice_and_ends():
    server = PageServer(script=SCRIPT)
    with opened(server) as page:
        state(page, "ready")
        page.click("#start")
        state(page, "live")
        expect(page.locator("#source-captions .committed")).to_have_count(2)
        expect(page.locator("#source-captions")).to_have_text("Good morning. We")
        expect(page.locator("#source-captions .tentative")).to_have_text(" We")
        expect(page.locator("#target-captions .skipped")).to_have_text("Bom dia.")
        expect(page.locator("#span")).to_have_text("2.3 s behind")
        expect(page.locator("#budget")).to_have_text("Speaking a little faster")
        wait_until_heard(page)
        page.click("#stop")
        state(page, "ended")
    offer = server.offers[0]
    assert (offer["source_language"], offer["target_language"]) == ("en", "pt-BR")
    assert "voice" not in offer
    assert {"stop": {}} in server.received


def test_the_voice_that_was_chosen_is_asked_for():
    server = PageServer()
    with opened(server) as page:
        state(page, "ready")
        page.check("input[value=female]")
        page.click("#start")
        state(page, "live")
    assert server.offers[0]["voice"] == "female"


def sentences(first: int, last: int) -> dict:
    concluded = [source(f"Sentence number {i}.", i * 5000) for i in range(first, last + 1)]
    return {"source_transcript_update": {"concluded": concluded}}


def test_captions_follow_the_newest_line_until_the_reader_scrolls_back():
    server = PageServer(script=[sentences(0, 59)])
    with opened(server, viewport=(390, 844)) as page:
        state(page, "ready")
        page.click("#start")
        expect(page.get_by_text("Sentence number 59.")).to_be_in_viewport()
        server.send(sentences(60, 69))
        expect(page.get_by_text("Sentence number 69.")).to_be_in_viewport()

        log, latest = page.locator("#source-captions"), page.locator("[data-side=source] .latest")
        expect(latest).to_be_hidden()
        log.hover()
        page.mouse.wheel(0, -100_000)
        expect(page.get_by_text("Sentence number 0.")).to_be_in_viewport()
        server.send(sentences(70, 79))
        expect(latest).to_be_visible()
        expect(page.get_by_text("Sentence number 79.")).not_to_be_in_viewport()
        expect(page.get_by_text("Sentence number 0.")).to_be_in_viewport()

        latest.click()
        expect(page.get_by_text("Sentence number 79.")).to_be_in_viewport()
        expect(latest).to_be_hidden()
        server.send(sentences(80, 89))
        expect(page.get_by_text("Sentence number 89.")).to_be_in_viewport()


def test_a_connection_that_breaks_off_is_said_and_can_be_tried_again():
    server = PageServer(script=SCRIPT, vanishes=True)
    with opened(server) as page:
        state(page, "ready")
        page.click("#start")
        expect(page.locator("#message[data-code='lost']")).to_be_visible(timeout=20_000)
        expect(page.locator("#source-captions")).to_contain_text("Good morning.")
        server.vanishes = False
        page.click("#retry")
        state(page, "live")


def test_a_server_with_keys_lets_the_page_in_with_the_right_one():
    with opened(PageServer(key="right")) as page:
        page.fill("#key", "wrong")
        page.click("#retry")
        expect(page.locator("#message[data-code='unauthorized']")).to_be_visible()
        page.fill("#key", "right")
        page.press("#key", "Enter")
        state(page, "ready")
        expect(page.locator("#message")).to_be_hidden()


def test_a_denied_microphone_is_said_and_no_offer_is_made():
    server = PageServer()
    with opened(server, DENIED) as page:
        state(page, "ready")
        page.click("#start")
        expect(page.locator("#message[data-code='microphone-denied']")).to_be_visible()
        expect(page.locator("#retry")).to_be_enabled()
    assert server.offers == []


def test_a_full_server_says_when_to_try_again():
    server = PageServer(refusal=(503, {"Retry-After": "2"}, {"message": "all places are taken"}))
    with opened(server) as page:
        state(page, "ready")
        page.click("#start")
        expect(page.locator("#message[data-code='busy']")).to_be_visible()
        expect(page.locator("#retry")).to_be_disabled()
        expect(page.locator("#retry")).to_be_enabled(timeout=5_000)
        server.refusal = None
        page.click("#retry")
        state(page, "live")


def test_a_plain_http_page_from_another_machine_says_what_to_do():
    with opened(PageServer(), FROM_ELSEWHERE, host="dragoman.test") as page:
        expect(page.locator("#message[data-code='insecure']")).to_contain_text("--tls-cert")
        expect(page.locator("#start")).to_be_disabled()


def test_an_error_message_ends_the_session_and_keeps_the_captions():
    failure = {"error": {"request_type": "", "error_code": 500, "reason_code": 0, "error_message": "a stage failed"}}
    with opened(PageServer(script=[*SCRIPT, failure])) as page:
        state(page, "ready")
        page.click("#start")
        expect(page.locator("#message")).to_contain_text("A stage failed.", timeout=15_000)
        state(page, "ended")
        expect(page.locator("#source-captions")).to_contain_text("Good morning.")
