"""The web application: all routes of one server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
from fastapi import FastAPI
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import JSONResponse, Response
from starlette.staticfiles import StaticFiles

from server.error_answers import add_error_answers
from server.glossary_api import GlossaryApi
from server.rate_limit import RateLimit
from server.response_headers import ResponseHeaders
from server.rooms.api import RoomApi
from server.rooms.connect_api import ConnectApi
from server.rooms.entrance import Entrance
from server.rooms.rooms import Rooms
from server.rooms.whip_api import WhipApi
from server.runtime import Runtime
from server.transcript_api import TranscriptApi
from server.voice_api import VoiceApi
from server.webrtc import WebRtc
from streaming.clock import now

WEB_DIR = Path(__file__).resolve().parent.parent / "clients" / "web"


def create_app(runtime: Runtime, web_dir: Path = WEB_DIR) -> FastAPI:
    """Serves before the models are loaded: `/readyz` and the routes that need them say so."""

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        async with runtime.transcripts.keeping(), anyio.create_task_group() as sessions:
            runtime.sessions = sessions
            yield
            runtime.sessions = None
            sessions.cancel_scope.cancel()

    app = FastAPI(title="Dragoman", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.add_middleware(RateLimit, metrics=runtime.metrics)
    app.add_middleware(ResponseHeaders)
    add_error_answers(app, runtime.metrics)
    app.include_router(VoiceApi(runtime).router())
    app.include_router(GlossaryApi(runtime).router())
    app.include_router(WebRtc(runtime).router())
    app.include_router(TranscriptApi(runtime).router())
    rooms = Rooms(runtime)
    entrance = Entrance(runtime, rooms)
    app.include_router(RoomApi(runtime, rooms).router())
    app.include_router(ConnectApi(runtime, entrance).router())
    app.include_router(WhipApi(runtime, entrance).router())

    @app.get("/healthz")
    async def healthz() -> JSONResponse:
        """The process answers."""
        return JSONResponse({"status": "ok"})

    @app.get("/readyz")
    async def readyz() -> JSONResponse:
        """It can open sessions; 503 until the models are loaded."""
        runtime.ready()
        return JSONResponse({"status": "ready", "speakers": runtime.admission.speakers})

    @app.get("/metrics")
    async def metrics() -> Response:
        runtime.metrics.observe_load(runtime.load, now())
        return Response(runtime.metrics.exposition(), media_type=CONTENT_TYPE_LATEST)

    app.mount("/", StaticFiles(directory=web_dir, html=True), name="page")
    return app
