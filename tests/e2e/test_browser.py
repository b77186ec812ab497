"""The page in real headless Chromium against the real server: a file as its microphone, what it plays heard again."""

import base64
import io
import itertools
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page, expect, sync_playwright
from spoken import share_heard

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

pytestmark = pytest.mark.e2e

# What the page plays is recorded in the browser itself, from the very stream that its <audio> element plays.
_RECORD = """() => {
  const recorder = new MediaRecorder(document.querySelector("#voice").srcObject);
  window.recorded = [];
  recorder.ondataavailable = (event) => window.recorded.push(event.data);
  window.recorder = recorder;
  recorder.start(1000);
}"""
_RECORDED = """async () => {
  if (window.recorder.state !== "inactive") {
    const stopped = new Promise((resolve) => (window.recorder.onstop = resolve));
    window.recorder.stop();
    await stopped;
  }
  const bytes = new Uint8Array(await new Blob(window.recorded).arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}"""


def heard(page: Page) -> Samples:
    """24 kHz mono."""
    webm = base64.b64decode(page.evaluate(_RECORDED))
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SPEECH_RATE_HZ)
    with av.open(io.BytesIO(webm)) as container:
        frames = itertools.chain(container.decode(audio=0), [None])
        parts = [part.to_ndarray().reshape(-1) for frame in frames for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32)


def run_talk(page: Page, talk: Path, *, speak: str, hear: str) -> Samples:
    """Starts a session, lets the whole talk be spoken, stops and gives what was heard until the end."""
    page.locator("#speak").select_option(speak)
    page.locator("#hear").select_option(hear)
    page.locator("#start").click()
    expect(page.locator("body")).to_have_attribute("data-state", "live", timeout=15_000)
    page.evaluate(_RECORD)
    page.wait_for_timeout(soundfile.info(talk).duration * 1000)
    page.locator("#stop").click()
    expect(page.locator("body")).to_have_attribute("data-state", "ended", timeout=90_000)
    return heard(page)


@pytest.mark.parametrize(("source", "target"), [("en", "pt"), ("pt", "en")])
def test_who_speaks_into_the_page_hears_the_translation(
    source, target, request, chromium, server_url, transcribe
) -> None:
    talk = request.getfixturevalue({"en": "english_talk", "pt": "portuguese_talk"}[source])
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
    assert share_heard(" ".join(original).lower(), source) >= 0.65
    assert share_heard(" ".join(captions).lower(), target) >= 0.65
    assert share_heard(transcribe(speech, target), target) >= 0.5
