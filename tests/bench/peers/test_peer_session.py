"""How a clip is spoken to a peer, and what counts when it ends."""

from __future__ import annotations

import json
import math
from collections.abc import AsyncIterator

import anyio
import numpy as np
import pytest
import websockets

from bench.peers.link import web_socket
from bench.peers.peer import read_peer
from bench.peers.session import PeerSession
from bench.peers.whisper_live import WhisperLive
from bench.peers.whisper_live_kit import WhisperLiveKit
from clients.voice_client import Unreachable
from streaming.clock import now, run_virtual
from streaming.errors import BadInput

_SECOND = np.zeros(16000, np.float32)


class _Tape:
    """A peer's messages by the clock, and what it was sent."""

    def __init__(self, *messages: tuple[float, str]) -> None:
        self._messages = messages
        self._over = anyio.Event()
        self.sent: list[tuple[float, str | bytes]] = []

    async def send(self, data: str | bytes) -> None:
        self.sent.append((round(now(), 3), data))
        if data == b"END_OF_AUDIO":
            self._over.set()

    async def messages(self) -> AsyncIterator[str]:
        for at_s, message in self._messages:
            await anyio.sleep_until(at_s)
            yield message
        await self._over.wait()


_READY = json.dumps({"message": "SERVER_READY"})


def _segments(text: str, *, completed: bool) -> str:
    return json.dumps({"segments": [{"start": "0.000", "end": "0.900", "text": text, "completed": completed}]})


def test_the_clips_clock_starts_when_the_peer_is_ready_and_pieces_come_when_they_have_been_spoken() -> None:
    tape = _Tape((5.0, _READY), (6.5, _segments(" one", completed=True)))
    run = run_virtual(PeerSession(tape, WhisperLive("en")).run(_SECOND))
    audio = [at_s for at_s, data in tape.sent[1:] if len(data) == 6400]
    assert audio[:3] == [5.1, 5.2, 5.3]
    assert [(one.word.text, round(one.at_s, 1)) for one in run.words] == [("one", 1.5)]
    assert math.isnan(run.compute_s)


def test_what_stays_tentative_counts_when_the_peer_has_fallen_silent() -> None:
    tape = _Tape((0.0, _READY), (5.0, _segments(" one", completed=False)))
    run = run_virtual(PeerSession(tape, WhisperLive("en")).run(_SECOND))
    assert [one.word.text for one in run.words] == ["one"]
    assert run.words[0].at_s == pytest.approx(20, abs=0.2)


def test_a_peer_that_has_said_nothing_yet_is_waited_for() -> None:
    tape = _Tape((0.0, _READY), (30.0, _segments(" one", completed=True)))
    run = run_virtual(PeerSession(tape, WhisperLive("en")).run(_SECOND))
    assert [(one.word.text, round(one.at_s, 1)) for one in run.words] == [("one", 30.0)]


def test_a_peer_that_never_falls_silent_is_waited_for_a_minute() -> None:
    told = [(float(at_s), _segments(" one", completed=False)) for at_s in range(1, 100)]
    run = run_virtual(PeerSession(_Tape((0.0, _READY), *told), WhisperLive("en")).run(_SECOND))
    assert 61 <= run.words[0].at_s < 122  # and another minute for the goodbye


def test_a_peer_that_is_never_ready_is_unreachable() -> None:
    with pytest.raises(Unreachable, match="ready"):
        run_virtual(PeerSession(_Tape((1e6, _READY)), WhisperLive("en")).run(_SECOND))


def test_over_a_web_socket_until_the_peer_is_ready_to_stop() -> None:
    paths: list[str] = []

    async def serve(socket: websockets.ServerConnection) -> None:
        paths.append(socket.request.path if socket.request else "")
        await socket.send('{"type": "config", "useAudioWorklet": true}')
        async for data in socket:
            if not data:
                break
        line = {"speaker": 1, "text": " One two", "start": "0:00:00.00", "end": "0:00:00.90"}
        await socket.send(json.dumps({"lines": [line], "buffer_transcription": ""}))
        await socket.send('{"type": "ready_to_stop"}')
        await socket.wait_closed()

    async def main() -> list[str]:
        async with websockets.serve(serve, "127.0.0.1", 0, ping_interval=None) as server:
            port = server.sockets[0].getsockname()[1]
            async with web_socket(f"ws://127.0.0.1:{port}/asr?language=en") as link:
                run = await PeerSession(link, WhisperLiveKit()).run(_SECOND)
        return [one.word.text for one in run.words]

    assert run_virtual(main()) == ["One", "two"]
    assert paths == ["/asr?language=en"]


@pytest.mark.parametrize("text", ["whisper_live", "whisper_live=", "other=ws://localhost:9090"])
def test_what_names_no_peer_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="NAME=ADDRESS"):
        read_peer(text)
