"""A real server on a free port of this machine, in the test's own event loop, with the fake speech path."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import anyio
import httpx
import uvicorn
import websockets
from fake_interpreter import EchoInterpreter

from server.app import create_app
from server.config import Settings
from server.runtime import Runtime
from streaming.wire import FRAME_MAX_BYTES, Message, MessageFormat, decode

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
    settings: Settings | None = None, *, ready: bool = True, idle_s: float = 30.0
) -> AsyncIterator[Running]:
    settings, interpreter = settings or Settings(max_speakers=2), EchoInterpreter()
    runtime = Runtime.from_settings(settings)
    runtime.idle_s = idle_s
    runtime.interpreter = interpreter if ready else None
    config = uvicorn.Config(
        create_app(runtime), port=0, ws="websockets-sansio", ws_max_size=FRAME_MAX_BYTES, log_config=None
    )
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as group:
        group.start_soon(server.serve)
        while not server.started:  # noqa: ASYNC110 (nothing tells)
            await anyio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as http:
            yield Running(f"http://127.0.0.1:{port}", runtime, interpreter, http)
        server.should_exit = True


def tasks_of_sessions() -> list[str]:
    """The names of the tasks that only a session has."""
    born_in_sessions = ("input edge", "speech path", "microphone", "heartbeat", "webrtc ")
    return [task.get_name() for task in asyncio.all_tasks() if task.get_name().startswith(born_in_sessions)]
