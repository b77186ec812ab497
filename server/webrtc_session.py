"""One WebRTC session: microphone -> speech path -> voice track, captions and notes over the data channel.

The browser sends `{"ping": {}}` now and then and `{"stop": {}}` to finish; the server sends the voice interface's
messages for words (see `streaming.wire`) and, when all is concluded and heard, `{"end_of_stream": {}}`.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from typing import assert_never

import anyio

from server.event_channel import EventChannel
from server.ice import IceServer
from server.interpreter import Path
from server.microphone_input import MicrophoneInput
from server.peer import Peer
from server.session import ClientGone, run_session
from server.session_record import SessionRecord
from server.transcript_messages import TranscriptMessages
from server.voice_track import VoiceTrack
from streaming.channel import Channel
from streaming.clock import now
from streaming.errors import DragomanError
from streaming.items import (
    AudioChunk,
    BudgetChanged,
    ClausePlayed,
    ClauseSkipped,
    Event,
    SpeechFrame,
    Transcript,
    Translation,
)
from streaming.language import primary
from streaming.wire import EndOfStream, EndOfTargetMedia, Error, ServerMessage, encode

_MICROPHONE_CHUNKS = 100
"""Two seconds; when full the oldest go, so that a slow moment never becomes a lasting lag."""

_OVERTAKEN_S = 1.0
"""The word to stop overtakes the last audio, which is still in the codec, on the way or in the jitter buffer. That is
taken too, or the speaker's last word would be cut."""

_OPEN_S = 15.0
"""ICE, DTLS and SCTP take well under a second where they can succeed."""

_LINGER_S = 5.0
"""After the last message the browser closes first, so that it hears the end of what is on its way."""


class WebRtcSession:
    """Made by an offer; `answer` it, then `run` it."""

    def __init__(
        self,
        *,
        source_tag: str | None,
        target_tag: str,
        path: Path,
        record: SessionRecord,
        ice_servers: Sequence[IceServer],
        silent_peer_s: float,
    ) -> None:
        self._voice = VoiceTrack()
        self._microphone = MicrophoneInput()
        self._events = EventChannel(self._take_message)
        self._peer = Peer(ice_servers, voice=self._voice, microphone=self._microphone, events=self._events)
        self._path = path
        self._record = record
        self._target_tag = target_tag
        self._silent_peer_s = silent_peer_s
        self._transcripts = TranscriptMessages(source=source_tag, targets={primary(target_tag): target_tag}, notes=True)
        self._stopped = anyio.Event()
        self._microphone_ended = anyio.Event()
        self._heard_at_s = now()

    async def answer(self, sdp: str) -> str:
        """Raises BadInput for an offer that can't be answered."""
        try:
            return await self._peer.answer(sdp)
        except BaseException:
            await self._peer.close()
            raise

    async def run(self) -> None:
        """To the end of the session. Raises ClientGone and whatever ended it; the peer was told and is closed."""
        try:
            await self._open()
            audio: Channel[AudioChunk] = Channel("microphone", _MICROPHONE_CHUNKS, "drop_oldest")
            await run_session(hear=self._hear, path=self._path, tell=self._tell, audio=audio, record=self._record)
            with anyio.move_on_after(_LINGER_S):
                await self._peer.gone.wait()
        except ClientGone:
            raise
        except DragomanError as error:
            await self._say_error(error)
            raise
        finally:
            self._record.add_dropped("voice track", self._voice.buffer.dropped)
            await self._peer.close()

    async def _open(self) -> None:
        with anyio.move_on_after(_OPEN_S) as patience:
            await self._events.opened.wait()
        if patience.cancelled_caught:
            raise ClientGone(f"the peer did not connect within {_OPEN_S:g} s")

    async def _hear(self, audio: Channel[AudioChunk]) -> None:
        """Takes audio until the peer has stopped, then watches for it to leave: raises ClientGone."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._drain_microphone, audio, name="microphone")
            group.start_soon(self._watch, name="heartbeat")
            await self._stopped.wait()
            with anyio.move_on_after(_OVERTAKEN_S):
                await self._microphone_ended.wait()
            self._microphone_ended.set()
            audio.close()

    async def _drain_microphone(self, audio: Channel[AudioChunk]) -> None:
        async for chunk in self._microphone.chunks():
            self._heard_at_s = now()
            if not self._microphone_ended.is_set():
                await audio.send(chunk)
        self._microphone_ended.set()
        self._stopped.set()

    async def _watch(self) -> None:
        while now() - self._heard_at_s < self._silent_peer_s:
            with anyio.move_on_after(1.0):
                await self._peer.gone.wait()
                raise ClientGone("the peer closed its connection")
        raise ClientGone(f"nothing was heard of the peer for {self._silent_peer_s:g} s")

    async def _tell(self, events: AsyncIterator[Event]) -> None:
        async for event in events:
            match event:
                case SpeechFrame():
                    self._voice.buffer.push(event.samples)
                case Transcript() | Translation() | ClausePlayed() | ClauseSkipped() | BudgetChanged():
                    for message in self._transcripts.push(event):
                        self._send(message)
                case _:
                    assert_never(event)
        await anyio.sleep(self._voice.buffer.drained_in_s)
        for message in [*self._transcripts.flush(), EndOfTargetMedia(self._target_tag), EndOfStream()]:
            self._send(message)

    def _send(self, message: ServerMessage) -> None:
        self._events.send(encode(message, "json"))

    def _take_message(self, text: str | bytes) -> None:
        """From the data channel; what we don't know is passed over, as newer pages may say more."""
        self._heard_at_s = now()
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if isinstance(message, dict) and "stop" in message:
            self._stopped.set()

    async def _say_error(self, error: DragomanError) -> None:
        try:
            self._send(Error("unknown", error.status, error.status * 10_000, error.reason))
        except ClientGone:
            return
        with anyio.move_on_after(_LINGER_S):
            await self._peer.gone.wait()
