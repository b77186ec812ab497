"""A session is one task group: input edge -> speech path -> output edge. It ends whole."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from typing import Any

import anyio

from server.interpreter import Path
from server.session_record import SessionRecord
from streaming.channel import Channel
from streaming.errors import DragomanError, StageFailed, first_error
from streaming.items import AudioChunk, Event

_EVENTS = 256
"""Some five seconds of speech frames. When full, the path waits: a client that does not read is slowed down."""

_log = logging.getLogger(__name__)

Hear = Callable[[Channel[AudioChunk]], Coroutine[Any, Any, None]]
"""Input edge: sends audio, closes the channel when the client says that it is done; may then go on to watch it."""

Tell = Callable[[AsyncIterator[Event]], Awaitable[None]]
"""Output edge: returns when the events have ended and all is delivered. The session ends then."""


class ClientGone(DragomanError):
    """The client left without a word: nobody is there to be told."""

    code = "client_gone"


async def run_session(*, hear: Hear, path: Path, tell: Tell, audio: Channel[AudioChunk], record: SessionRecord) -> None:
    """Runs one session to its end.

    Raises ClientGone when the client vanished, the first DragomanError of any part, StageFailed for any other failure
    (logged here with its trace, since the client is told only that it happened).
    """
    events: Channel[Event] = Channel("session events", _EVENTS, "wait")
    try:
        with first_error():
            async with anyio.create_task_group() as group:
                group.start_soon(hear, audio, name="input edge")
                group.start_soon(path.run, audio, events, name="speech path")
                await tell(_observed(events, record))
                group.cancel_scope.cancel()
    except ExceptionGroup as failures:
        _log.error("a stage of a session failed", exc_info=failures)
        raise StageFailed("a stage of the session failed; the server's log has the details") from failures
    finally:
        record.add_dropped(audio.name, audio.dropped)


async def _observed(events: Channel[Event], record: SessionRecord) -> AsyncIterator[Event]:
    async for event in events:
        record.observe(event)
        yield event
