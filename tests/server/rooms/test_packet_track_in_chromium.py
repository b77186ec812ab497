"""Packets that were encoded once for many, in the decoder that most will hear them with."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from playwright.async_api import async_playwright
from room_peer import RoomPeer, Routes, join
from running_server import running

_JOIN = """async ([room, token, wishes]) => {
  const peer = new RTCPeerConnection();
  const events = peer.createDataChannel("events");
  window.messages = [];
  events.onmessage = (event) => window.messages.push(JSON.parse(event.data));
  peer.addTransceiver("audio", { direction: "recvonly" });
  const heard = new Promise((resolve) => (peer.ontrack = (event) => resolve(event.track)));
  await peer.setLocalDescription();
  const response = await fetch(`/v1/rooms/${room}/join`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify({ sdp: peer.localDescription.sdp, type: "offer", ...wishes }),
  });
  const answer = await response.json();
  await peer.setRemoteDescription(answer);
  const voice = new Audio();
  voice.srcObject = new MediaStream([await heard]);
  await voice.play();
  window.peer = peer;
  return answer.participant;
}"""
_HEARD = """async () => {
  for (const report of (await window.peer.getStats()).values())
    if (report.type === "inbound-rtp")
      return {
        received: report.totalSamplesReceived,
        concealed: report.concealedSamples - report.silentConcealedSamples,
        energy: report.totalAudioEnergy,
        lost: report.packetsLost,
      };
}"""


def test_chromium_plays_a_mix_that_was_encoded_for_all(tmp_path: Path, chromium: str) -> None:
    async def main() -> dict[str, Any]:
        async with running() as server, async_playwright() as playwright:
            room = server.runtime.room_store.create("", open=True, transcripts="none", glossaries=()).id
            ana = RoomPeer()
            routes = Routes(server.http, server.runtime, None, room)
            await join(routes, ana, name="Ana", speaks="en", hears="en")
            flags = ["--no-sandbox", "--disable-gpu", "--autoplay-policy=no-user-gesture-required"]
            browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
            page = await browser.new_page()
            await page.goto(server.url)
            token = server.runtime.access.issue("listener", room, 60.0)
            who = await page.evaluate(_JOIN, [room, token, {"name": "Bia", "hears": "en", "captions": "pt"}])
            assert who == "p2"
            for _ in range(100):
                heard = await page.evaluate(_HEARD)
                if heard and heard["received"] > 3 * 48_000:
                    break
                await asyncio.sleep(0.1)
            assert any("caption" in message for message in await page.evaluate("window.messages"))
            await browser.close()
            await ana.peer.close()
            return heard

    heard = asyncio.run(main())
    assert heard["energy"] > 0.01
    assert heard["concealed"] < 0.1 * heard["received"]
