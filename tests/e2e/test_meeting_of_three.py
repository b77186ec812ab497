"""A meeting of three in real headless Chromium: English, Portuguese, and an English listener without a microphone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
import spoken
from playwright.sync_api import Browser, Page, expect, sync_playwright

from bench.meeting_page import chromium as chromium_with
from bench.meeting_page import rows
from bench.page_recording import heard, record
from bench.systems.live_server import live_server
from streaming.audio import ASR_RATE_HZ

pytestmark = pytest.mark.e2e

_ENGLISH = spoken.ENGLISH[:2]
_PORTUGUESE = spoken.PORTUGUESE[2:4]
_ENGLISH_ORIGINAL = ("morning", "thank", "meeting", "today", "hospital", "city")
_ENGLISH_IN_PORTUGUESE = ("dia", "obrigad", "reuni", "hoje", "falar", "hospital")
_PORTUGUESE_ORIGINAL = ("médic", "água", "crian", "governo", "escola")
_PORTUGUESE_IN_ENGLISH = ("doctors", "water", "children", "government", "school")

_ALL_ARE_IN_S = 8.0
"""The microphones are silent for so long: everyone can join before the first word."""
_TURN_S = 12.0
"""What the first speaker takes, translation included; then the second one begins."""
_ALL_SAID_S = 60.0


@pytest.fixture(scope="module")
def open_server(models) -> Iterator[str]:
    with live_server(options=["--rooms", "open"]) as url:
        yield url


@pytest.fixture
def microphones(loaded, tmp_path) -> tuple[Path, Path]:
    """What the English and the Portuguese microphone hear, one after the other."""

    def after(silence_s: float, sentences, language: str) -> Path:
        talk = spoken.talk(loaded.voices, sentences, language, seed=3, fluent=True)
        silence = np.random.default_rng(3).normal(0, 0.0007, int(silence_s * ASR_RATE_HZ)).astype(np.float32)
        return spoken.write_wav(tmp_path / f"{language}.wav", np.concatenate([silence, talk]))

    return after(_ALL_ARE_IN_S, _ENGLISH, "en"), after(_ALL_ARE_IN_S + _TURN_S, _PORTUGUESE, "pt")


def enter(browser: Browser, link: str, *, name: str | None, locale: str) -> Page:
    """Joins through the lobby, as a listener without a name; what is played is recorded from then on."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale=locale).new_page()
    page.goto(link)
    expect(page.locator("#join")).to_be_enabled()
    if name is None:
        page.locator("label.check").click()
    else:
        page.fill("#name", name)
    page.click("#join")
    expect(page.locator("body")).to_have_attribute("data-view", "meeting", timeout=15_000)
    expect(page.locator("body")).to_have_attribute("data-state", "live")
    record(page)
    return page


def read(page: Page, speaker: str, column: str) -> str:
    """All that a speaker said, as the page shows it: `reading` or `spoken`."""
    return " ".join(getattr(row, column) for row in rows(page) if row.speaker == speaker).lower()


def share(words: tuple[str, ...], text: str) -> float:
    return sum(word in text for word in words) / len(words)


def test_three_meet_and_each_hears_and_reads_their_own_language(open_server, chromium, microphones, transcribe) -> None:
    opened = httpx.post(f"{open_server}/v1/rooms", json={"name": "Weekly"}).raise_for_status().json()
    by_name = f"{open_server}/meet/#room={opened['room']}"
    english, portuguese = microphones
    with (
        sync_playwright() as playwright,
        chromium_with(playwright, chromium, english) as at_anas,
        chromium_with(playwright, chromium, portuguese) as at_bias,
    ):
        bia = enter(at_bias, by_name, name="Bia", locale="pt-BR")
        ana = enter(at_anas, opened["link"], name="Ana", locale="en-US")
        listener = enter(at_anas, by_name, name=None, locale="en-US")
        expect(ana.locator("#people-list .name")).to_have_text(["Bia", "Ana"])
        expect(ana.locator("#listeners")).to_have_text("1 person listens.")
        for page in (ana, listener):
            expect(page.locator("#log .reading").last).to_contain_text("school", timeout=_ALL_SAID_S * 1000)
        bia.wait_for_timeout(5000)  # the last clause is still being spoken

        assert share(_ENGLISH_IN_PORTUGUESE, read(bia, "Ana", "reading")) >= 0.6
        assert share(_ENGLISH_ORIGINAL, read(bia, "Ana", "spoken")) >= 0.6
        for page in (ana, listener):
            assert share(_ENGLISH_ORIGINAL, read(page, "Ana", "reading")) >= 0.6
            assert share(_PORTUGUESE_IN_ENGLISH, read(page, "Bia", "reading")) >= 0.6
            assert share(_PORTUGUESE_ORIGINAL, read(page, "Bia", "spoken")) >= 0.6

        at_bias_ear = transcribe(heard(bia), "pt")
        at_anas_ear, at_listeners_ear = (transcribe(heard(page), "en") for page in (ana, listener))
        ana.click("#leave")
        expect(bia.locator("#people-list .name")).to_have_text(["Bia"])
    assert share(_ENGLISH_IN_PORTUGUESE, at_bias_ear) >= 0.5
    assert share(_PORTUGUESE_IN_ENGLISH, at_anas_ear) >= 0.5
    assert share(_ENGLISH_ORIGINAL, at_anas_ear) <= 0.2, "nobody hears themselves"
    assert share(_PORTUGUESE_IN_ENGLISH, at_listeners_ear) >= 0.5
    assert share(_ENGLISH_ORIGINAL, at_listeners_ear) >= 0.5
