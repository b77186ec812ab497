"""The other systems by name, and how `NAME=ADDRESS` becomes one that recognises clips."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

import anyio

from bench.peers.dialogue import Dialogue
from bench.peers.link import Link, line_socket, web_socket
from bench.peers.session import PeerSession
from bench.peers.whisper_live import WhisperLive
from bench.peers.whisper_live_kit import WhisperLiveKit
from bench.peers.whisper_streaming import WhisperStreaming
from bench.recognition_run import RecognitionRun
from streaming.errors import BadInput
from streaming.items import Samples


@dataclass(frozen=True, slots=True)
class System:
    """A kind of peer: its socket by (address, language), and its protocol by language."""

    connect: Callable[[str, str], AbstractAsyncContextManager[Link]]
    dialogue: Callable[[str], Dialogue]


SYSTEMS = {
    "whisper_live": System(lambda url, _: web_socket(url), WhisperLive),
    "whisper_streaming": System(lambda address, _: line_socket(address), lambda _: WhisperStreaming()),
    "whisperlivekit": System(lambda url, language: web_socket(_in(url, language)), lambda _: WhisperLiveKit()),
}


@dataclass(frozen=True, slots=True)
class Peer:
    """A running server of another system."""

    name: str
    address: str

    def run(self, samples: Samples, language: str) -> RecognitionRun:
        """16 kHz mono, in real time. Raises ConnectionLost, SessionRefused, Unreachable."""
        return anyio.run(self._run, samples, language)

    async def _run(self, samples: Samples, language: str) -> RecognitionRun:
        system = SYSTEMS[self.name]
        async with system.connect(self.address, language) as link:
            return await PeerSession(link, system.dialogue(language)).run(samples)


def read_peer(text: str) -> Peer:
    """`NAME=ADDRESS`. Raises BadInput."""
    name, _, address = text.partition("=")
    if name not in SYSTEMS or not address:
        raise BadInput(f"--peer {text}: NAME=ADDRESS, NAME one of {', '.join(SYSTEMS)}")
    return Peer(name, address)


def _in(url: str, language: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}language={language}"
