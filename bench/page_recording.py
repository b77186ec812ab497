"""What a page plays, recorded in the browser itself from the very stream that its <audio> element plays."""

from __future__ import annotations

import base64
import io
import itertools

import av
import numpy as np
from playwright.sync_api import Page

from streaming.audio import SPEECH_RATE_HZ
from streaming.items import Samples

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


def record(page: Page) -> None:
    """From now on."""
    page.evaluate(_RECORD)


def heard(page: Page) -> Samples:
    """24 kHz mono."""
    webm = base64.b64decode(page.evaluate(_RECORDED))
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SPEECH_RATE_HZ)
    with av.open(io.BytesIO(webm), "r") as container:
        frames = itertools.chain(container.decode(audio=0), [None])
        parts = [part.to_ndarray().reshape(-1) for frame in frames for part in resampler.resample(frame)]
    return np.concatenate(parts).astype(np.float32)
