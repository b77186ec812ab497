from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from fractions import Fraction

import anyio
import numpy as np
import pytest
from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError, MediaStreamTrack
from av import AudioFrame
from running_server import Running, running, tasks_of_sessions

from server.config import Settings


class Tone(MediaStreamTrack):
    """A microphone that hears a tone, in real time."""

    kind = "audio"
    position = 0
    stuck = False

    async def recv(self) -> AudioFrame:
        await asyncio.sleep(3600 if self.stuck else 0.02)
        frame = AudioFrame(format="s16", layout="mono", samples=960)
        tone = np.sin(2 * np.pi * 300 * (np.arange(960) + self.position) / 48_000)
        frame.planes[0].update((tone * 8000).astype("<i2").tobytes())
        frame.sample_rate, frame.pts, frame.time_base = 48_000, self.position, Fraction(1, 48_000)
        self.position += 960
        return frame


class Browser:
    """The page's side of a session."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.messages: list[dict[str, dict[str, object]]] = []
        self.heard: list[float] = []
        self.session_id = ""
        self.peer = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.channel = self.peer.createDataChannel("events")
        self.channel.on("message", lambda text: self.messages.append(json.loads(text)))
        self.microphone = Tone()
        self.peer.addTrack(self.microphone)
        self.peer.on("track", self._listen)

    async def open(self, **fields: str) -> None:
        await self.peer.setLocalDescription(await self.peer.createOffer())
        body = {
            "sdp": self.peer.localDescription.sdp,
            "type": "offer",
            "source_language": "en",
            "target_language": "pt-BR",
        }
        response = await self.server.http.post("/v1/webrtc/offer", json=body | fields, timeout=10)
        answer = response.raise_for_status().json()
        self.session_id = answer["session_id"]
        await self.peer.setRemoteDescription(RTCSessionDescription(answer["sdp"], answer["type"]))

    async def until(self, name: str) -> dict[str, object]:
        """The first message of that name."""
        with anyio.fail_after(15):
            while not any(name in message for message in self.messages):  # noqa: ASYNC110
                await anyio.sleep(0.02)
        return next(message[name] for message in self.messages if name in message)

    def _listen(self, track: MediaStreamTrack) -> None:
        async def drain() -> None:
            while True:
                try:
                    frame = await track.recv()
                except MediaStreamError:
                    return
                self.heard.append(float(np.abs(frame.to_ndarray()).max()) / 32768)

        self.listening = asyncio.ensure_future(drain())


@asynccontextmanager
async def browser(server: Running) -> AsyncIterator[Browser]:
    page = Browser(server)
    try:
        yield page
    finally:
        await page.peer.close()


def test_speech_into_the_microphone_comes_back_as_captions_and_voice() -> None:
    async def main() -> None:
        async with running() as server, browser(server) as page:
            await page.open()
            source = await page.until("source_transcript_update")
            assert source["concluded"][0]["text"] == "one0"
            target = await page.until("target_transcript_update")
            assert target["language"] == "pt-BR"
            assert (await page.until("ear_voice_span"))["seconds"] == 0.25
            await anyio.sleep(0.6)
            assert max(page.heard) > 0.4  # the beep
            assert sum(level > 0.2 for level in page.heard) >= 8  # 200 ms of it, in 20 ms frames
            page.channel.send('{"stop": {}}')
            await page.until("end_of_stream")
            assert server.interpreter.paths[0].finished

    asyncio.run(main())


def test_what_was_said_before_the_stop_is_heard_though_the_stop_overtakes_it() -> None:
    async def main() -> None:
        async with running() as server, browser(server) as page:
            await page.open()
            await page.until("source_transcript_update")
            said_s = page.microphone.position / 48_000
            page.channel.send('{"stop": {}}')
            await page.until("end_of_stream")
            assert server.interpreter.paths[0].heard_s >= said_s

    asyncio.run(main())


def test_a_finished_session_gives_its_slot_back_when_the_page_closes() -> None:
    async def main() -> None:
        async with running() as server:
            async with browser(server) as page:
                await page.open()
                await page.until("source_transcript_update")
                page.channel.send('{"stop": {}}')
                await page.until("end_of_stream")
            await server.until_empty()
            assert not tasks_of_sessions()

    asyncio.run(main())


def test_a_page_that_leaves_in_the_middle_leaves_nothing_behind() -> None:
    async def main() -> None:
        async with running() as server:
            async with browser(server) as page:
                await page.open()
                await page.until("source_transcript_update")
                assert tasks_of_sessions()
            await server.until_empty()
            assert not tasks_of_sessions()

    asyncio.run(main())


def test_a_peer_that_falls_silent_is_given_up() -> None:
    async def main() -> None:
        async with running() as server, browser(server) as page:
            server.runtime.silent_peer_s = 1.0
            await page.open()
            await page.until("source_transcript_update")
            page.microphone.stuck = True
            await server.until_empty()
            assert not tasks_of_sessions()

    asyncio.run(main())


def test_a_microphone_that_ends_concludes_the_session() -> None:
    async def main() -> None:
        async with running() as server, browser(server) as page:
            await page.open()
            await page.until("source_transcript_update")
            await page.peer.getSenders()[0].stop()
            await page.until("end_of_stream")
            assert server.interpreter.paths[0].finished

    asyncio.run(main())


def test_a_session_can_be_deleted() -> None:
    async def main() -> None:
        async with running() as server, browser(server) as page:
            await page.open()
            await page.until("source_transcript_update")
            assert (await server.http.delete(f"/v1/webrtc/{page.session_id}")).status_code == 204
            await server.until_empty()
            assert (await server.http.delete(f"/v1/webrtc/{page.session_id}")).status_code == 404

    asyncio.run(main())


def test_the_server_stops_while_a_session_is_open() -> None:
    async def main() -> None:
        async with running() as server:
            page = Browser(server)
            await page.open()
            await page.until("source_transcript_update")
        assert not tasks_of_sessions()
        assert server.runtime.admission.speakers == 0
        await page.peer.close()

    asyncio.run(main())


def test_a_full_server_refuses_an_offer() -> None:
    async def main() -> None:
        async with running(Settings(max_speakers=1)) as server, browser(server) as page:
            await page.open()
            body = {"sdp": "", "type": "offer", "source_language": "en", "target_language": "pt"}
            response = await server.http.post("/v1/webrtc/offer", json=body)
            assert (response.status_code, response.json()["code"]) == (503, "busy")
            assert response.headers["Retry-After"]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"sdp": "nonsense"}, "sdp"),
        ({"sdp": ""}, "sdp"),
        ({"sdp": 1}, "offer.sdp"),
        ({"type": "answer"}, "offer.type"),
        ({"voice": "robot"}, "offer.voice"),
        ({"budget": "endless"}, "offer.budget"),
        ({"target_language": "xx"}, "into xx"),
        ({"target_language": "es"}, "no voice for es"),
    ],
)
def test_an_offer_that_cannot_be_is_refused_and_holds_no_slot(fields: dict[str, object], named: str) -> None:
    async def main() -> None:
        async with running() as server:
            body = {"sdp": "", "type": "offer", "source_language": "en", "target_language": "pt"}
            response = await server.http.post("/v1/webrtc/offer", json=body | fields)
            assert response.status_code == 400
            assert named in response.json()["message"]
            assert server.runtime.admission.speakers == 0

    asyncio.run(main())


def test_an_offer_with_a_wrong_key_is_refused() -> None:
    async def main() -> None:
        async with running(Settings(api_keys=("right",))) as server:
            wrong = {"Authorization": "DeepL-Auth-Key wrong"}
            response = await server.http.post("/v1/webrtc/offer", json={}, headers=wrong)
            assert (response.status_code, response.json()["code"]) == (401, "unauthorized")

    asyncio.run(main())


@pytest.mark.parametrize("voice", [None, "male"])
def test_a_voice_need_not_be_chosen(voice: str | None) -> None:
    async def main() -> None:
        async with running() as server, browser(server) as page:
            await page.open(**({"voice": voice} if voice else {}))
            assert server.interpreter.paths[0].job.gender == voice

    asyncio.run(main())


def test_an_offer_from_a_page_of_another_origin_is_refused() -> None:
    async def main() -> None:
        async with running() as server:
            response = await server.http.post("/v1/webrtc/offer", json={}, headers={"Origin": "https://evil.example"})
            assert response.status_code == 403

    asyncio.run(main())
