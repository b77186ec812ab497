"""The realtime voice interface over HTTP and WebSocket, that of DeepL's Voice API v3 (see `streaming.wire`)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.websockets import WebSocket

from mt.terminology import Terminology
from server.auth import check_origin
from server.error_answers import answer
from server.glossary_source import load_terminology
from server.glossary_store import UnknownGlossary
from server.interpreter import Job, check_job
from server.json_body import read_json
from server.languages import list_languages
from server.media_decode import create_decoder
from server.media_encode import create_encoder
from server.runtime import Runtime
from server.session_record import SessionRecord
from server.streaming_tokens import StreamingTokens
from server.voice_socket import VoiceSocket
from streaming.clock import now
from streaming.errors import BadInput, DragomanError
from streaming.session_request import SessionRequest

_CONNECT = "/v3/voice/realtime/connect"


@dataclass(frozen=True, slots=True)
class _Asked:
    """A session that was asked for and waits for its WebSocket."""

    session_id: str
    request: SessionRequest
    job: Job


class VoiceApi:
    """The routes of the voice interface."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._tokens: StreamingTokens[_Asked] = StreamingTokens()

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/v3/voice/realtime", self.open, methods=["POST"])
        router.add_api_route("/v3/voice/realtime", self.reconnect, methods=["GET"])
        router.add_api_route("/v3/languages", self.languages, methods=["GET"])
        router.add_api_websocket_route(_CONNECT, self.connect)
        return router

    async def open(self, request: Request) -> JSONResponse:
        """Checks the request and gives the address and token of its WebSocket."""
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        self._runtime.keys.check(request.headers.get("authorization"))
        asked = SessionRequest.from_json(await read_json(request))
        _check_supported(asked)
        job = check_job(
            self._runtime.ready(),
            source=asked.source_language,
            targets=asked.target_languages,
            spoken=asked.target_media_languages,
            gender=asked.target_media_voice,
            mode=asked.source_language_mode,
            budget=self._runtime.settings.budget(asked.dragoman_budget, "dragoman_budget"),
        )
        self._runtime.admission.check()
        if asked.glossary_id is not None:
            job = replace(job, terminology=await self._terminology(asked.glossary_id))
        session_id = str(uuid.uuid4())
        token = self._tokens.issue(_Asked(session_id, asked, job), now())
        scheme = "wss" if request.url.scheme == "https" else "ws"
        url = f"{scheme}://{request.headers.get('host', request.url.netloc)}{_CONNECT}"
        return JSONResponse({"streaming_url": url, "token": token, "session_id": session_id})

    async def _terminology(self, glossary_id: str) -> tuple[Terminology, ...]:
        try:
            return await anyio.to_thread.run_sync(load_terminology, [glossary_id], self._runtime.glossaries)
        except UnknownGlossary as error:
            raise BadInput(f"glossary_id: {error.reason}") from error

    async def reconnect(self, request: Request) -> JSONResponse:
        """A new address and token for a session whose connection was lost."""
        self._runtime.keys.check(request.headers.get("authorization"))
        raise BadInput("reconnecting to a session is not supported yet: ask for a new one")

    async def languages(self, request: Request, resource: str = "") -> JSONResponse:
        """What can be transcribed, translated and spoken."""
        self._runtime.keys.check(request.headers.get("authorization"))
        if resource != "voice":
            raise BadInput("resource: only voice is served here")
        return JSONResponse(list_languages(self._runtime.ready()))

    async def connect(self, socket: WebSocket) -> None:
        """The stream itself; a wrong token is refused before the WebSocket opens."""
        try:
            asked = self._tokens.take(socket.query_params.get("token"), now())
            interpreter = self._runtime.ready()
            self._runtime.admission.check()
        except DragomanError as error:
            self._runtime.metrics.add_refused(error.code)
            await socket.send_denial_response(answer(error))
            return
        kept = self._runtime.transcripts.session(asked.session_id, asked.job)
        with self._runtime.admission.slot() as heard, kept as keep:
            record = SessionRecord(
                session_id=asked.session_id,
                transport="websocket",
                job=asked.job,
                metrics=self._runtime.metrics,
                heard=heard,
                keep=keep,
            )
            with record.open():
                await socket.accept()
                path = interpreter.open_path(asked.job)
                await VoiceSocket(socket, asked.request, path, record=record, idle_s=self._runtime.idle_s).run()


def _check_supported(asked: SessionRequest) -> None:
    """Raises BadInput for what the interface has and this server has not yet."""
    create_decoder(asked.source_media)
    create_encoder(asked.target_media)
    if asked.spoken_terms_id is not None:
        raise BadInput(f"spoken_terms_id: nothing is stored under {asked.spoken_terms_id!r}")
