"""One session of the voice interface on its WebSocket: messages in, audio to the path; events out, as messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import assert_never

import anyio
from starlette.websockets import WebSocket, WebSocketDisconnect

from server.interpreter import Path
from server.media_decode import create_decoder
from server.media_encode import create_encoder
from server.pace import Pace
from server.session import ClientGone, run_session
from server.session_record import SessionRecord
from server.target_media import TargetMedia
from server.transcript_messages import TranscriptMessages
from streaming.audio import ASR_RATE_HZ
from streaming.channel import Channel
from streaming.clock import now
from streaming.errors import BadInput, DragomanError
from streaming.items import (
    AudioChunk,
    BudgetChanged,
    ClausePlayed,
    ClauseSkipped,
    Event,
    Samples,
    SpeechFrame,
    Transcript,
    Translation,
)
from streaming.language import primary
from streaming.session_request import SessionRequest
from streaming.wire import (
    MAX_SPEED,
    EndOfSourceMedia,
    EndOfStream,
    Error,
    ServerMessage,
    SourceMediaChunk,
    decode,
    encode,
)

_AUDIO_CHUNKS = 4
"""At most a second each; when they wait, so does the client (its TCP window fills)."""

_STALLED_S = 20.0
"""A client that takes nothing for so long is gone; well below what its own buffers would need to hide a pause."""

_CLOSE_NORMAL = 1000
_CLOSE_POLICY = 1008
_CLOSE_INTERNAL = 1011
"""RFC 6455, section 7.4.1."""


class VoiceSocket:
    """Runs the session to its end on an accepted WebSocket."""

    def __init__(
        self,
        socket: WebSocket,
        request: SessionRequest,
        path: Path,
        *,
        record: SessionRecord,
        idle_s: float,
        clock: Callable[[], float] = now,
    ) -> None:
        self._socket = socket
        self._request = request
        self._path = path
        self._record = record
        self._idle_s = idle_s
        self._clock = clock
        self._decoder = create_decoder(request.source_media)
        self._pace = Pace(MAX_SPEED)
        self._position = 0

    async def run(self) -> None:
        """Returns when the session is over; the client has been told why, unless it is gone."""
        audio: Channel[AudioChunk] = Channel("source audio", _AUDIO_CHUNKS, "wait")
        try:
            await run_session(hear=self._hear, path=self._path, tell=self._tell, audio=audio, record=self._record)
            await self._close(_CLOSE_NORMAL)
        except ClientGone as gone:
            self._record.add_gone(gone.reason)
        except DragomanError as error:
            self._record.add_failed(error)
            await self._say_error(error)

    async def _hear(self, audio: Channel[AudioChunk]) -> None:
        """Takes messages until the source ends, then watches for the client to leave. Raises BadInput, ClientGone."""
        while isinstance(message := await self._next_message(), SourceMediaChunk):
            await self._send_audio(audio, self._decoder.push(message.data))
        await self._send_audio(audio, self._decoder.flush())
        audio.close()
        while True:
            await self._receive()

    async def _next_message(self) -> SourceMediaChunk | EndOfSourceMedia:
        with anyio.move_on_after(self._idle_s) as idle:
            frame = await self._receive()
        if idle.cancelled_caught:
            raise BadInput(f"no source_media_chunk for {self._idle_s:g} seconds")
        message = decode(frame, self._request.message_format)
        if not isinstance(message, SourceMediaChunk | EndOfSourceMedia):
            raise BadInput("this message goes from server to client only")
        return message

    async def _send_audio(self, audio: Channel[AudioChunk], samples: Samples) -> None:
        if not len(samples):
            return
        await audio.send(AudioChunk(samples, self._position))
        self._position += len(samples)
        await anyio.sleep(self._pace.push(len(samples) / ASR_RATE_HZ, self._clock()))

    async def _tell(self, events: AsyncIterator[Event]) -> None:
        tags = {primary(tag): tag for tag in self._request.target_languages}
        transcripts = TranscriptMessages(
            source=self._request.source_language, targets=tags, notes=self._request.dragoman_events
        )
        media = {
            primary(tag): TargetMedia(
                tag=tag,
                content_type=self._request.target_media.text,
                encoder=create_encoder(self._request.target_media),
            )
            for tag in self._request.target_media_languages
        }
        async for event in events:
            for message in _messages(event, transcripts, media):
                await self._send(message)
        ends = [message for one in media.values() for message in one.flush()]
        for message in [*transcripts.flush(), *ends, EndOfStream()]:
            await self._send(message)

    async def _receive(self) -> str | bytes:
        message = await self._socket.receive()
        if message["type"] == "websocket.disconnect":
            raise ClientGone("the client closed its connection")
        text = message.get("text")
        return text if text is not None else message["bytes"]

    async def _send(self, message: ServerMessage) -> None:
        frame = encode(message, self._request.message_format)
        try:
            with anyio.fail_after(_STALLED_S):
                await (self._socket.send_text(frame) if isinstance(frame, str) else self._socket.send_bytes(frame))
        except (TimeoutError, WebSocketDisconnect, RuntimeError) as error:
            raise ClientGone("the client takes no more messages") from error

    async def _say_error(self, error: DragomanError) -> None:
        meant_for_client = error.status < 500
        try:
            await self._send(
                Error(
                    request_type="source_media_chunk" if meant_for_client else "unknown",
                    error_code=error.status,
                    reason_code=error.status * 10_000,
                    error_message=error.reason,
                )
            )
        except ClientGone:
            return
        await self._close(_CLOSE_POLICY if meant_for_client else _CLOSE_INTERNAL, error.code)

    async def _close(self, code: int, reason: str | None = None) -> None:
        with suppress(WebSocketDisconnect, RuntimeError):  # the client was quicker
            await self._socket.close(code, reason)


def _messages(event: Event, transcripts: TranscriptMessages, media: dict[str, TargetMedia]) -> list[ServerMessage]:
    match event:
        case Transcript() | Translation() | ClausePlayed() | BudgetChanged():
            return transcripts.push(event)
        case SpeechFrame(language=language):
            return media[language].push(event)
        case ClauseSkipped(clause=clause):
            return [*transcripts.push(event), *media[clause.language].push(event)]
        case _:
            assert_never(event)
