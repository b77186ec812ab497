"""Transcripts over HTTP: one is read as JSON, text or captions, or removed, by whoever has the session's id."""

from __future__ import annotations

from typing import cast, get_args

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from server.auth import check_origin
from server.runtime import Runtime
from server.transcript_export import MEDIA_TYPES, Format, export
from streaming.errors import BadInput

_PATH = "/v1/transcripts/{session_id}"


class TranscriptApi:
    """The routes. A session's id can't be guessed: it is asked for beside the key."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route(_PATH, self.get, methods=["GET"])
        router.add_api_route(_PATH, self.remove, methods=["DELETE"])
        return router

    async def get(self, request: Request, session_id: str) -> Response:
        """What is kept of the session, which may still be open."""
        self._check(request)
        wanted = asked_format(request)
        return transcript_answer(export(await self._runtime.transcripts.read(session_id), wanted), wanted)

    async def remove(self, request: Request, session_id: str) -> Response:
        """For ever, and what an open session goes on to say as well."""
        self._check(request)
        await self._runtime.transcripts.remove(session_id)
        return Response(status_code=204)

    def _check(self, request: Request) -> None:
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        self._runtime.keys.check(request.headers.get("authorization"))


def transcript_answer(text: str, file_format: Format) -> Response:
    """For nobody's cache."""
    media_type = next(media for media, known in MEDIA_TYPES.items() if known == file_format)
    return Response(text, media_type=media_type, headers={"Cache-Control": "no-store"})


def asked_format(request: Request) -> Format:
    """`?format=` goes before Accept, of which the first type that we have counts; JSON where neither says."""
    asked = request.query_params.get("format")
    if asked is not None:
        if asked not in get_args(Format):
            raise BadInput(f"format: {asked!r} is none of {', '.join(get_args(Format))}")
        return cast(Format, asked)
    accepted = (part.partition(";")[0].strip().lower() for part in request.headers.get("accept", "").split(","))
    return next((MEDIA_TYPES[media] for media in accepted if media in MEDIA_TYPES), "json")
