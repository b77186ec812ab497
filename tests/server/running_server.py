"""A real server on a free port of this machine, in the test's own event loop, with the fake speech path."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import ssl
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import anyio
import httpx
import websockets
from fake_interpreter import EchoInterpreter

from server.config import Settings
from server.glossary_store import GlossaryStore
from server.http_server import create_server, listen
from server.rooms.access import Access
from server.rooms.store import RoomStore
from server.runtime import Runtime
from server.transcript_store import RETENTION_S, TranscriptStore
from server.transcripts import Transcripts
from streaming.wire import Message, MessageFormat, decode

REQUEST = {
    "source_media_content_type": "audio/pcm; encoding=s16le; rate=16000",
    "source_language": "en-US",
    "target_languages": ["es"],
    "target_media_languages": ["pt-BR"],
    "target_media_content_type": "audio/pcm;encoding=s16le;rate=24000",
}


@dataclass
class Running:
    url: str
    runtime: Runtime
    interpreter: EchoInterpreter
    http: httpx.AsyncClient

    async def ask(self, **fields: object) -> httpx.Response:
        return await self.http.post("/v3/voice/realtime", json=REQUEST | fields)

    async def connect(self, **fields: object) -> websockets.ClientConnection:
        asked = (await self.ask(**fields)).raise_for_status().json()
        return await websockets.connect(f"{asked['streaming_url']}?token={asked['token']}")

    async def until_empty(self) -> None:
        """Waits until the last session has given its slot back."""
        with anyio.fail_after(5):
            while self.runtime.admission.speakers:  # noqa: ASYNC110 (nothing tells)
                await anyio.sleep(0.01)


async def rest(socket: websockets.ClientConnection, message_format: MessageFormat = "json") -> list[Message]:
    """All messages up to the end of the connection."""
    messages: list[Message] = []
    with anyio.fail_after(10), contextlib.suppress(websockets.ConnectionClosedError):
        async for frame in socket:
            messages.append(decode(frame, message_format))
    return messages


@asynccontextmanager
async def running(
    settings: Settings | None = None,
    *,
    ready: bool = True,
    idle_s: float = 30.0,
    verify: ssl.SSLContext | bool = True,
    glossaries: GlossaryStore | None = None,
    transcripts: TranscriptStore | None = None,
) -> AsyncIterator[Running]:
    settings = replace(settings or Settings(max_speakers=2), port=0)
    interpreter = EchoInterpreter()
    runtime = Runtime.from_settings(settings)
    runtime.glossaries = glossaries or GlossaryStore(Path(":memory:"))
    runtime.transcripts = Transcripts(
        transcripts or TranscriptStore(Path(":memory:")),
        keep_s=RETENTION_S[settings.transcripts],
        metrics=runtime.metrics,
    )
    runtime.access = Access(runtime.keys, policy=settings.rooms, secret=lambda: b"s" * 32)
    runtime.idle_s = idle_s
    runtime.interpreter = interpreter if ready else None
    server = create_server(runtime)
    scheme = "https" if settings.tls_cert else "http"
    with listen(settings) as listener, tempfile.TemporaryDirectory() as folder:
        runtime.room_store = RoomStore(Path(folder) / "rooms.sqlite3", longest=settings.transcripts)
        url = f"{scheme}://127.0.0.1:{listener.getsockname()[1]}"
        async with anyio.create_task_group() as group:
            group.start_soon(functools.partial(server.serve, sockets=[listener]))
            while not server.started:  # noqa: ASYNC110 (nothing tells)
                await anyio.sleep(0.01)
            async with httpx.AsyncClient(base_url=url, verify=verify) as http:
                yield Running(url, runtime, interpreter, http)
            server.should_exit = True


def tasks_of_sessions() -> list[str]:
    """The names of the tasks that only a session has."""
    born_in_sessions = ("input edge", "speech path", "microphone", "heartbeat", "webrtc ")
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(born_in_sessions)]
