"""The messages of the realtime voice interface, sans-I/O: what goes over the WebSocket, as frozen dataclasses.

The interface is that of DeepL's Voice API v3. JSON sessions use text frames with bytes in base64, MessagePack sessions
binary frames with raw bytes. A message on the wire is a map with one key, its name. The types of the fields are the
schema: `encode` and `decode` follow them. The last three server messages are our own and go only to a client that asked
for them with `"dragoman_events": true` in its session request (see `streaming.session_request`).
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any, Literal

import msgpack

from streaming.errors import BadInput
from streaming.structuring import structure, unstructure

MessageFormat = Literal["json", "msgpack"]

CHUNK_MAX_BYTES = 100_000
"""of one source_media_chunk's data"""
CHUNK_MAX_S = 1.0
"""the same, for raw PCM"""
IDLE_S = 30.0
"""no source_media_chunk for so long ends the session"""
MAX_SPEED = 2.0
"""source media is taken no faster than this many times real time"""
FRAME_MAX_BYTES = 2 * CHUNK_MAX_BYTES
"""of one WebSocket frame from a client: the largest chunk in base64, with room to spare"""


@dataclass(frozen=True, slots=True)
class SourceMediaChunk:
    """Client: a piece of the source audio, 50 to 250 ms of it recommended."""

    data: bytes


@dataclass(frozen=True, slots=True)
class EndOfSourceMedia:
    """Client: nothing more will be said; conclude everything."""


@dataclass(frozen=True, slots=True)
class SourceSegment:
    """A stretch of the source transcript."""

    language: str
    text: str
    start_time: float
    """ms of the input stream"""
    end_time: float
    """ms of the input stream"""
    heard_time: float | None = None
    """own, for clients that ask for our events: how far the source had been heard then, ms"""


@dataclass(frozen=True, slots=True)
class TargetSegment:
    """A stretch of a target transcript."""

    text: str
    start_time: float
    """ms of the input stream: the source speech it rests on"""
    end_time: float
    """ms of the input stream"""
    heard_time: float | None = None
    """own: as the source's"""


@dataclass(frozen=True, slots=True)
class SourceTranscriptUpdate:
    """Server: concluded segments come once and never change; tentative ones replace the last tentative ones."""

    concluded: tuple[SourceSegment, ...] = ()
    tentative: tuple[SourceSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetTranscriptUpdate:
    """Server: as the source's, for one target language."""

    language: str
    concluded: tuple[TargetSegment, ...] = ()
    tentative: tuple[TargetSegment, ...] = ()


@dataclass(frozen=True, slots=True)
class TargetMediaChunk:
    """Server: a piece of the translated voice; only speech, no silence."""

    language: str
    data: tuple[bytes, ...]
    """packets of the container or codec, or one piece of PCM"""
    duration: float
    """ms"""
    text: str | None
    """in the first chunk of a clause, else None; all of them together are the concluded target transcript"""
    content_type: str | None = None
    """only in the first chunk of a language"""
    headers: int | None = None
    """only in the first chunk: how many of the first packets are headers"""


@dataclass(frozen=True, slots=True)
class EndOfSourceTranscript:
    """Server: the source transcript is complete."""


@dataclass(frozen=True, slots=True)
class EndOfTargetTranscript:
    """Server: this target transcript is complete."""

    language: str


@dataclass(frozen=True, slots=True)
class EndOfTargetMedia:
    """Server: all of this language's voice was sent."""

    language: str


@dataclass(frozen=True, slots=True)
class EndOfStream:
    """Server: the last message of a session that ended well."""


@dataclass(frozen=True, slots=True)
class Error:
    """Server: the session is over, a reconnect is of no use."""

    request_type: str
    error_code: int
    reason_code: int
    error_message: str


@dataclass(frozen=True, slots=True)
class EarVoiceSpan:
    """Server, own: a clause began to play."""

    language: str
    seconds: float
    """from the end of its last source word to the start of its voice"""
    clause: int
    text: str
    start_time: float
    """ms of the input stream: the source speech it rests on"""
    end_time: float
    """ms of the input stream"""
    heard_time: float
    """ms of the input stream: the newest audio it rests on"""
    duration: float
    """ms of its voice"""


@dataclass(frozen=True, slots=True)
class Budget:
    """Server, own: the latency budget moved to another level of its ladder."""

    level: int
    reason: str


@dataclass(frozen=True, slots=True)
class ClauseSkipped:
    """Server, own: a clause that will not be spoken; its text stays in the transcript."""

    language: str
    clause: int
    text: str
    start_time: float
    """ms of the input stream: the source speech it rests on"""
    end_time: float
    """ms of the input stream"""
    reason: str


ClientMessage = SourceMediaChunk | EndOfSourceMedia
ServerMessage = (
    SourceTranscriptUpdate
    | TargetTranscriptUpdate
    | TargetMediaChunk
    | EndOfSourceTranscript
    | EndOfTargetTranscript
    | EndOfTargetMedia
    | EndOfStream
    | Error
    | EarVoiceSpan
    | Budget
    | ClauseSkipped
)
Message = ClientMessage | ServerMessage

NAMES: dict[type, str] = {
    SourceMediaChunk: "source_media_chunk",
    EndOfSourceMedia: "end_of_source_media",
    SourceTranscriptUpdate: "source_transcript_update",
    TargetTranscriptUpdate: "target_transcript_update",
    TargetMediaChunk: "target_media_chunk",
    EndOfSourceTranscript: "end_of_source_transcript",
    EndOfTargetTranscript: "end_of_target_transcript",
    EndOfTargetMedia: "end_of_target_media",
    EndOfStream: "end_of_stream",
    Error: "error",
    EarVoiceSpan: "ear_voice_span",
    Budget: "budget",
    ClauseSkipped: "clause_skipped",
}
_BY_NAME: dict[str, type] = {name: kind for kind, name in NAMES.items()}


def encode(message: Message, message_format: MessageFormat) -> str | bytes:
    """The frame to send: `str` for a text frame (JSON), `bytes` for a binary one (MessagePack)."""
    tree = {NAMES[type(message)]: unstructure(message)}
    if message_format == "json":
        return json.dumps(tree, ensure_ascii=False, separators=(",", ":"), default=_base64)
    return msgpack.packb(tree)


def decode(frame: str | bytes, message_format: MessageFormat) -> Message:
    """The message in a received frame; fields that we don't know are passed over.

    Raises BadInput for the wrong kind of frame, what can't be parsed, unknown messages and wrong or missing fields.
    """
    tree = _parse_json(frame) if message_format == "json" else _parse_msgpack(frame)
    if not isinstance(tree, dict) or len(tree) != 1:
        raise BadInput("a message is a map with one key, its name")
    ((name, body),) = tree.items()
    if not isinstance(name, str) or name not in _BY_NAME:
        raise BadInput(f"unknown message {name!r:.60}")
    return structure(_BY_NAME[name], body, name)


def _parse_json(frame: str | bytes) -> Any:
    if not isinstance(frame, str):
        raise BadInput("this session's message_format is json: it takes text frames, not binary ones")
    try:
        return json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise BadInput("the text frame is not JSON") from error


def _parse_msgpack(frame: str | bytes) -> Any:
    if not isinstance(frame, bytes):
        raise BadInput("this session's message_format is msgpack: it takes binary frames, not text ones")
    try:
        return msgpack.unpackb(frame)
    except (ValueError, TypeError, msgpack.exceptions.UnpackException) as error:
        raise BadInput("the binary frame is not MessagePack") from error


def _base64(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    raise TypeError(f"{type(value).__name__} does not go over the wire")
