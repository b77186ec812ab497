"""Sessions over WebRTC: an offer over HTTP, then the microphone in, the translated voice and JSON events out."""

from __future__ import annotations

import logging
import time
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast

import anyio
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.auth import check_origin
from server.interpreter import check_job
from server.json_body import read_json
from server.runtime import NotReady, Runtime
from server.session import ClientGone
from server.session_record import SessionRecord
from server.webrtc_session import WebRtcSession
from streaming.errors import BadInput, DragomanError
from streaming.session_request import Gender
from streaming.structuring import structure

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Offer:
    """The body of `POST /v1/webrtc/offer`."""

    sdp: str
    type: str
    source_language: str | None
    """None: found while it is spoken"""
    target_language: str
    voice: str | None
    budget: str | None = None
    """one of the server's presets; None: its default"""


class WebRtc:
    """The routes, and the sessions that they opened."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._scopes: dict[str, anyio.CancelScope] = {}

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/v1/webrtc/offer", self.offer, methods=["POST"])
        router.add_api_route("/v1/webrtc/{session_id}", self.delete, methods=["DELETE"])
        return router

    async def offer(self, request: Request) -> JSONResponse:
        """Answers an offer and opens its session. Raises BadInput, Unauthorized, Forbidden, Busy."""
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        self._runtime.keys.check(request.headers.get("authorization"))
        offer = _checked(structure(Offer, await read_json(request), "offer"))
        interpreter = self._runtime.ready()
        job = check_job(
            interpreter,
            source=offer.source_language,
            targets=[offer.target_language],
            spoken=[offer.target_language],
            gender=cast(Gender | None, offer.voice),
            budget=self._runtime.settings.budget(offer.budget, "offer.budget"),
        )
        if self._runtime.sessions is None:
            raise NotReady("the server is starting or stopping", retry_after_s=1.0)
        session_id = str(uuid.uuid4())
        with ExitStack() as taken:
            record = SessionRecord(
                session_id=session_id,
                transport="webrtc",
                job=job,
                metrics=self._runtime.metrics,
                heard=taken.enter_context(self._runtime.admission.slot()),
                keep=taken.enter_context(self._runtime.transcripts.session(session_id, job)),
            )
            session = WebRtcSession(
                source_tag=offer.source_language,
                target_tag=offer.target_language,
                path=interpreter.open_path(job),
                record=record,
                ice_servers=self._runtime.settings.ice.servers(time.time()),
                silent_peer_s=self._runtime.silent_peer_s,
            )
            answer = await session.answer(offer.sdp)
            taken.enter_context(record.open())
            self._runtime.sessions.start_soon(
                self._run, session_id, session, record, taken.pop_all(), name=f"webrtc {session_id}"
            )
        return JSONResponse({"sdp": answer, "type": "answer", "session_id": session_id})

    async def delete(self, session_id: str, request: Request) -> Response:
        """Ends a session at once."""
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        self._runtime.keys.check(request.headers.get("authorization"))
        scope = self._scopes.get(session_id)
        if scope is None:
            raise NoSuchSession(f"there is no session {session_id}")
        scope.cancel()
        return Response(status_code=204)

    async def _run(self, session_id: str, session: WebRtcSession, record: SessionRecord, taken: ExitStack) -> None:
        """The whole life of a session; nothing that happens in it reaches the server."""
        with taken, anyio.CancelScope() as scope:
            self._scopes[session_id] = scope
            try:
                await session.run()
            except ClientGone as gone:
                record.add_gone(gone.reason)
            except DragomanError as error:
                record.add_failed(error)
            except Exception as error:
                _log.exception("session %s failed", session_id)
                record.add_failed(DragomanError(f"internal error, {type(error).__name__}"))
            finally:
                del self._scopes[session_id]


class NoSuchSession(BadInput):
    """It has ended, or never was."""

    code = "not_found"
    status = 404


def _checked(offer: Offer) -> Offer:
    if offer.type != "offer":
        raise BadInput("offer.type must be offer")
    if offer.voice not in (None, "female", "male"):
        raise BadInput("offer.voice must be one of female, male")
    return offer
