"""The meeting page in a real browser, against a real WebRTC peer that says what a test says."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from background_app import serving
from meeting_server import ROOM, MeetingServer, caption, participant
from playwright.sync_api import Browser, Page, Playwright, expect, sync_playwright

pytestmark = pytest.mark.e2e

CHROMIUM = shutil.which("chromium")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--use-fake-device-for-media-stream"]
GRANTED = [*QUIET, "--use-fake-ui-for-media-stream", "--autoplay-policy=no-user-gesture-required"]
DENIED = [*QUIET, "--deny-permission-prompts"]

BIA = participant(2, "Bia", "pt")
ANA = participant(1, "Ana", "en")


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if CHROMIUM is None and os.environ.get("CI") != "true":
        pytest.skip("chromium is not installed: the page is not tested in a browser")
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=GRANTED)


@contextlib.contextmanager
def opened(
    browser: Browser, server: MeetingServer, link: str = f"#room={ROOM}&token=secret", **options
) -> Iterator[Page]:
    """The page in a profile of its own."""
    with serving(server.app()) as url:
        context = browser.new_context(**{"locale": "en-US", "viewport": {"width": 1280, "height": 800}} | options)
        page = context.new_page()
        page.goto(f"{url}/meet/{link}")
        yield page
        context.close()


def view(page: Page, name: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-view", name, timeout=15_000)


def status(page: Page, text: str) -> None:
    expect(page.locator("#status")).to_have_text(text, timeout=15_000)


def join(page: Page, name: str = "Ana") -> None:
    expect(page.locator("#join")).to_be_enabled()
    page.fill("#name", name)
    page.click("#join")
    view(page, "meeting")


def until(page: Page, ready) -> None:
    for _ in range(100):
        if ready():
            return
        page.wait_for_timeout(50)
    pytest.fail("it did not come")


SAID = [
    caption(1, BIA, 1, "pt", "Bom dia a todos."),
    caption(2, BIA, 1, "en", "Good morning everyone."),
    caption(3, ANA, 1, "en", "Good morning Bia."),
    {
        "skipped": {
            "seq": 4,
            "participant": "p2",
            "sentence": 1,
            "language": "en",
            "text": "everyone.",
            "reason": "late",
        }
    },
    caption(5, BIA, 2, "pt", "Vamos", tentative="ver", ends=False),
    {"span": {"participant": "p2", "language": "en", "seconds": 2.44}},
    {"budget": {"participant": "p2", "language": "en", "level": 1, "reason": "speaking 15 % faster: 3.2 s behind"}},
]


def test_what_all_say_is_shown_by_name_with_its_translation(browser):
    with opened(browser, MeetingServer(others=[BIA], script=SAID)) as page:
        join(page)
        rows = page.locator("#log .said")
        expect(rows).to_have_count(3)
        expect(rows.nth(0).locator(".name")).to_have_text("Bia")
        expect(rows.nth(0).locator(".reading .committed")).to_have_text("Good morning ")
        expect(rows.nth(0).locator(".reading .skipped")).to_have_text("everyone.")
        expect(rows.nth(0).locator(".spoken")).to_have_text("Bom dia a todos.")
        expect(rows.nth(1).locator(".name")).to_have_text("Ana")
        expect(rows.nth(1).locator(".spoken")).to_be_hidden()
        expect(rows.nth(2).locator(".spoken")).to_have_text("Vamos ver")
        expect(rows.nth(2).locator(".spoken .tentative")).to_have_text("ver")
        expect(page.locator("#people-list .span").nth(1)).to_have_text("2.4 s behind")
        expect(page.locator("#people-list .budget").nth(1)).to_have_text("Speaking 15 % faster: 3.2 s behind")


def test_a_screen_reader_gets_whole_sentences_of_others_in_the_language_that_is_read(browser):
    with opened(browser, MeetingServer(others=[BIA], script=SAID)) as page:
        join(page)
        expect(page.locator("#log .said")).to_have_count(3)
        expect(page.locator("#announcer p")).to_have_text(["Bia: Good morning everyone."])


def test_who_joins_asks_for_what_was_chosen_and_shows_the_links_token(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        expect(page.locator("#lobby-facts")).to_contain_text("What is said is kept for 1 day.")
        page.select_option("#speaks", "pt")
        expect(page.locator("#captions-in")).to_have_value("pt")
        page.select_option("#captions-in", "")
        page.check("input[value=female]")
        join(page, "Bia")
    asked = server.joins[0]
    wishes = {key: asked[key] for key in ("name", "speaks", "hears", "captions", "original", "voice")}
    assert wishes == {
        "name": "Bia", "speaks": "pt", "hears": "pt", "captions": None, "original": 0.2, "voice": "female",
    }  # fmt: skip
    assert server.tokens[0] == "Bearer secret"


def test_a_cut_connection_is_taken_up_again_and_nothing_is_shown_twice(browser):
    server = MeetingServer(others=[BIA], script=SAID)
    with opened(browser, server) as page:
        join(page)
        expect(page.locator("#log .said")).to_have_count(3)
        server.cut()
        status(page, "Reconnecting…")
        status(page, "Live")
        server.send(caption(6, BIA, 2, "pt", " começar."))
        expect(page.locator("#log .said").nth(2).locator(".spoken")).to_have_text("Vamos começar.")
        expect(page.locator("#log .said")).to_have_count(3)
    again = server.joins[1]
    assert (again["resume"], again["seen"]) == ("again", 5)


def test_who_lost_the_seat_can_join_anew_and_keeps_what_was_said(browser):
    server = MeetingServer(others=[BIA], script=SAID)
    with opened(browser, server) as page:
        join(page)
        expect(page.locator("#log .said")).to_have_count(3)
        server.refusal = (404, {}, {"message": "the seat is gone", "code": "not_found"})
        server.cut()
        view(page, "over")
        expect(page.locator("#over-title")).to_have_text("The connection was lost")
        server.refusal = None
        page.click("#rejoin")
        join(page)
        expect(page.locator("#log .said")).to_have_count(3)
    assert "resume" not in server.joins[-1]


def test_who_is_removed_is_told_so(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        join(page)
        until(page, lambda: server.received)
        server.send({"removed": {"reason": "by the host"}})
        view(page, "over")
        expect(page.locator("#over-title")).to_have_text("The host has removed you from the meeting")


def test_a_closed_meeting_can_not_be_joined_again(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        join(page)
        until(page, lambda: server.received)
        server.send({"closed": {"reason": "the host closed it"}})
        view(page, "over")
        expect(page.locator("#rejoin")).to_be_hidden()


def test_a_full_meeting_says_when_to_try_again_and_lets_one_listen_meanwhile(browser):
    server = MeetingServer(refusal=(503, {"Retry-After": "9"}, {"message": "full"}))
    with opened(browser, server) as page:
        expect(page.locator("#join")).to_be_enabled()
        page.fill("#name", "Ana")
        page.click("#join")
        expect(page.locator("#retry")).to_have_text("Try again in 9 s")
        server.refusal = None
        page.click("#meanwhile")
        view(page, "meeting")
        expect(page.locator("#mute")).to_be_hidden()
    assert server.joins[-1]["speaks"] is None
    assert "a=recvonly" in server.joins[-1]["sdp"]


def test_an_expired_link_is_said(browser):
    server = MeetingServer(description_refusal=(401, {}, {"message": "the token has expired"}))
    with opened(browser, server) as page:
        expect(page.locator("#message[data-code='link-refused']")).to_contain_text("Ask the host for a new one.")
        expect(page.locator("#lobby")).to_be_hidden()


def test_a_meeting_that_is_not_there_is_said(browser):
    server = MeetingServer(description_refusal=(404, {}, {"message": "no such room", "code": "not_found"}))
    with opened(browser, server) as page:
        expect(page.locator("#message[data-code='gone']")).to_contain_text("There is no such meeting")


def test_mute_is_told_and_the_hosts_is_shown(browser):
    server = MeetingServer(role="speaker")
    with opened(browser, server) as page:
        join(page)
        page.click("#mute")
        expect(page.locator("#mute")).to_have_text("Unmute")
        until(page, lambda: {"set": {"muted": True}} in server.received)
        server.send({"room": server.room(muted=True)})
        page.click("#mute")
        until(page, lambda: {"set": {"muted": False}} in server.received)
        server.send({"room": server.room(muted=False)})
        expect(page.locator("#people-list .doing")).to_have_text("English")
        server.send({"room": server.room(muted=True)})
        expect(page.locator("#mute")).to_have_text("Unmute")
        status(page, "The host has muted you.")


def test_the_space_bar_opens_a_muted_microphone_while_it_is_held(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        join(page)
        page.click("#mute")
        page.locator("#log").focus()
        page.keyboard.down("Space")
        expect(page.locator("#mute")).to_have_text("Mute")
        page.keyboard.up("Space")
        expect(page.locator("#mute")).to_have_text("Unmute")
        until(page, lambda: len(server.received) > 3)
    changes = [message["set"]["muted"] for message in server.received if "muted" in message.get("set", {})]
    assert changes == [True, False, True]


def test_the_space_bar_in_a_field_writes_a_space(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        join(page)
        page.click("#mute")
        page.click("#open-settings")
        page.locator("#name").press("End")
        page.keyboard.type(" B")
        page.keyboard.press("Tab")
        until(page, lambda: {"set": {"name": "Ana B"}} in server.received)
        expect(page.locator("#mute")).to_have_text("Unmute")


def test_the_microphone_is_exchanged_in_mid_call(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        join(page)
        until(page, lambda: max(server.heard, default=0) > 1000)
        page.click("#open-settings")
        page.select_option("#microphone", label="Fake Audio Input 2")
        page.wait_for_timeout(500)
        server.heard.clear()
        until(page, lambda: max(server.heard, default=0) > 1000)
        page.keyboard.press("Escape")
        page.click("#mute")
        until(page, lambda: len(server.heard) == server.heard.maxlen and max(server.heard) < 100)
        status(page, "Live")
    assert len(server.joins) == 1


def test_a_change_of_the_heard_language_is_told_and_reading_follows(browser):
    server = MeetingServer()
    with opened(browser, server) as page:
        join(page)
        page.click("#open-settings")
        page.select_option("#hears", "pt")
        until(page, lambda: {"set": {"hears": "pt", "captions": "pt"}} in server.received)
        page.keyboard.press("Escape")
        page.locator("#original").press("End")
        until(page, lambda: {"set": {"original": 1}} in server.received)


def test_a_listeners_link_asks_for_no_microphone_and_no_name(browser):
    server = MeetingServer(role="listener")
    with opened(browser, server) as page:
        expect(page.locator("#join")).to_have_text("Listen")
        expect(page.locator("#name")).to_be_hidden()
        expect(page.locator("#listen")).to_be_hidden()
        page.click("#join")
        view(page, "meeting")
    assert server.joins[0]["speaks"] is None


def test_a_host_invites_manages_and_closes(browser):
    server = MeetingServer(others=[BIA])
    with opened(browser, server) as page:
        join(page)
        page.click("#open-host")
        page.click("[data-invite=listener]")
        expect(page.locator("#link")).to_have_value(f"{page.url.split('#')[0]}#room={ROOM}&token=listener")
        page.get_by_role("button", name="products").click()
        page.click("#set-glossaries")
        until(page, lambda: {"glossaries": ["products"]} in server.received)
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Manage Bia").click()
        page.get_by_role("button", name="Remove from the meeting").click()
        until(page, lambda: {"remove": {"participant": "p2"}} in server.received)
        page.click("#open-host")
        page.click("#close-room")
        assert {"close": {}} not in server.received
        page.click("#close-room")
        until(page, lambda: {"close": {}} in server.received)


def test_who_is_no_host_manages_nobody(browser):
    with opened(browser, MeetingServer(role="speaker", others=[BIA])) as page:
        join(page)
        expect(page.locator("#people-list li")).to_have_count(2)
        expect(page.locator("#open-host")).to_be_hidden()
        expect(page.locator(".more").first).to_be_hidden()


def saved(page: Page, format_: str) -> str:
    page.click("#save-menu summary")
    with page.expect_download() as download:
        page.click(f"[data-format={format_}]")
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_transcript_that_the_server_keeps_is_saved_from_there(browser):
    with opened(browser, MeetingServer(script=SAID)) as page:
        join(page)
        assert saved(page, "vtt") == "kept as vtt"


def test_of_a_meeting_that_is_not_kept_what_the_page_has_seen_is_saved(browser):
    with opened(browser, MeetingServer(script=SAID, transcripts="none", others=[BIA])) as page:
        expect(page.locator("#lobby-facts")).to_contain_text("What is said is not kept.")
        join(page)
        expect(page.locator("#log .said")).to_have_count(3)
        page.click("#leave")
        view(page, "over")
        lines = json.loads(saved(page, "json"))["lines"]
    assert [line["text"] for line in lines[:2]] == ["Bom dia a todos.", "Good morning everyone."]


def test_names_and_captions_are_text_never_markup(browser):
    evil = participant(2, "<img src=x onerror=alert(1)>", "pt")
    script = [caption(1, evil, 1, "pt", "<b>Olá</b>")]
    with opened(browser, MeetingServer(others=[evil], script=script)) as page:
        join(page)
        expect(page.locator("#log .spoken")).to_have_text("<b>Olá</b>")
        expect(page.locator("#people-list .name").nth(1)).to_have_text(evil["name"])
        assert page.locator("#log b, #log img, #people img").count() == 0


def test_the_captions_follow_the_newest_sentence_until_the_reader_scrolls_back(browser):
    talk = [caption(i, BIA, i, "pt", f"Frase número {i}.") for i in range(1, 41)]
    server = MeetingServer(others=[BIA], script=talk)
    with opened(browser, server) as page:
        join(page)
        expect(page.get_by_text("Frase número 40.")).to_be_in_viewport()
        page.locator("#log").hover()
        page.mouse.wheel(0, -100_000)
        expect(page.get_by_text("Frase número 1.", exact=True)).to_be_in_viewport()
        server.send(caption(41, BIA, 41, "pt", "Frase número 41."))
        page.click("#latest")
        expect(page.get_by_text("Frase número 41.")).to_be_in_viewport()
        expect(page.locator("#latest")).to_be_hidden()


def test_the_interface_changes_its_language_in_mid_way(browser):
    with opened(browser, MeetingServer(), locale="pt-BR") as page:
        expect(page.locator("#join")).to_have_text("Entrar")
        page.select_option("#interface", "es")
        expect(page.locator("label[for=speaks]")).to_have_text("Hablo")
        expect(page.locator("#lobby-facts")).to_contain_text("Lo que se dice se guarda durante 1 día.")
        expect(page.locator("html")).to_have_attribute("lang", "es")


def test_without_a_room_in_the_link_a_meeting_is_started(browser):
    server = MeetingServer()
    with opened(browser, server, "#token=opener") as page:
        view(page, "start")
        page.fill("#open-name", "Board meeting")
        page.click("#open-form button")
        view(page, "lobby")
        assert page.url.endswith(f"#room={ROOM}&token=t")
    assert server.tokens == ["Bearer opener", "Bearer t"]


def test_without_a_token_a_meeting_is_joined_by_its_code(browser):
    server = MeetingServer(role="speaker")
    with opened(browser, server, "") as page:
        page.fill("#code", ROOM)
        page.press("#code", "Enter")
        join(page)
    assert server.tokens == [None]


def test_without_a_microphone_one_may_still_listen(playwright):
    denying = playwright.chromium.launch(executable_path=CHROMIUM, args=DENIED)
    with opened(denying, MeetingServer()) as page:
        expect(page.locator("#message[data-code='microphone-denied']")).to_be_visible()
        page.locator("label.check").click()
        expect(page.locator("#message")).to_be_hidden()
        page.click("#join")
        view(page, "meeting")


@pytest.mark.parametrize(("width", "height"), [(360, 640), (640, 400)], ids=["a small phone", "a laptop at 200 %"])
def test_nothing_has_to_be_scrolled_sideways(browser, width, height):
    with opened(browser, MeetingServer(others=[BIA], script=SAID), viewport={"width": width, "height": height}) as page:
        fits = "document.documentElement.scrollWidth <= innerWidth"
        expect(page.locator("#join")).to_be_enabled()
        assert page.evaluate(fits)
        join(page)
        expect(page.locator("#log .said")).to_have_count(3)
        assert page.evaluate(fits)
        expect(page.locator("#leave")).to_be_visible()
        page.click("#leave")
        view(page, "over")
        assert page.evaluate(fits)
