"""One clip spoken to a peer in real time, and when it called each word final."""

from __future__ import annotations

import math

import anyio
import numpy as np

from bench.live_speaker import as_spoken, pieces
from bench.peers.dialogue import Dialogue
from bench.peers.final_words import FinalWords
from bench.peers.link import Link
from bench.recognition_run import RecognitionRun
from clients.voice_client import ConnectionLost, Unreachable
from streaming.audio import ASR_RATE_HZ
from streaming.clock import now
from streaming.errors import first_error
from streaming.items import Samples

_PIECE = ASR_RATE_HZ // 10
"""samples of 100 ms: what our own policies are fed too"""
_READY_S = 120.0
"""a peer may load its model for each session"""
_PATIENCE_S = 60.0
"""after the clip, and again after the goodbye: cut off sooner, a slow peer would seem to have lost words"""
_QUIET_S = 15.0
"""as long as WhisperLive's own client waits for another message; a pass on a busy machine has taken 8 s"""


class PeerSession:
    """The clip's clock starts when the peer is ready: its loading isn't counted."""

    def __init__(self, link: Link, dialogue: Dialogue) -> None:
        self._link = link
        self._dialogue = dialogue
        self._words = FinalWords()
        self._ready = anyio.Event()
        self._ended = anyio.Event()
        self._began_s = 0.0
        self._heard_s = 0.0
        """clock: when the last message came"""
        self._said_goodbye = False

    async def run(self, samples: Samples) -> RecognitionRun:
        """`samples`: 16 kHz mono. Its compute is not known. Raises ConnectionLost, SessionRefused, Unreachable."""
        with first_error():
            async with anyio.create_task_group() as group:
                group.start_soon(self._listen, name="peer's words")
                await self._speak(samples)
                with anyio.move_on_after(_PATIENCE_S):
                    await self._keep_silent(len(samples))
                self._said_goodbye = True
                await self._link.send(self._dialogue.goodbye)
                with anyio.move_on_after(_PATIENCE_S):
                    await self._ended.wait()
                group.cancel_scope.cancel()
        # What isn't final by now never will be: who uses the peer has to take it as it stands.
        self._words.update([*self._dialogue.final, *self._dialogue.tentative], now() - self._began_s)
        return RecognitionRun(self._words.committed, math.nan)

    async def _speak(self, samples: Samples) -> None:
        if self._dialogue.hello:
            await self._link.send(self._dialogue.hello)
        if not self._dialogue.ready:
            with anyio.move_on_after(_READY_S):
                await self._ready.wait()
        if not self._dialogue.ready:
            raise Unreachable(f"the peer was not ready within {_READY_S:.0f} s")
        self._began_s = now()
        await self._feed(samples, 0)

    async def _feed(self, samples: Samples, begin: int) -> None:
        """Each piece when its last sample has been spoken; `begin`: the first sample's place in the stream."""
        async for chunk in as_spoken(pieces(samples, _PIECE), began_s=self._began_s, begin=begin):
            await self._link.send(self._dialogue.audio(chunk.samples))

    async def _keep_silent(self, end: int) -> None:
        """As an open microphone does, until the peer has nothing to add; `end`: the clip's."""
        silence = np.zeros(_PIECE, np.float32)
        self._heard_s = now()
        while not self._dialogue.flushes and not self._at_rest():
            await self._feed(silence, end)
            end += _PIECE

    def _at_rest(self) -> bool:
        """A peer that has recognised nothing at all is taken for a slow one."""
        said = self._dialogue.final or self._dialogue.tentative
        return bool(said) and now() - self._heard_s >= _QUIET_S

    async def _listen(self) -> None:
        try:
            async for message in self._link.messages():
                self._take(message)
                if self._dialogue.ended:
                    break
        except ConnectionLost:
            if not self._said_goodbye:
                raise
        if not self._said_goodbye:
            raise ConnectionLost("the peer closed the connection before the clip's end")
        self._ended.set()

    def _take(self, message: str) -> None:
        dialogue = self._dialogue
        dialogue.received(message)
        self._heard_s = now()
        self._words.update(dialogue.final, now() - self._began_s)
        if dialogue.ready:
            self._ready.set()
