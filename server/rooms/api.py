"""Rooms over HTTP: opened, looked at, invited to, closed, and what was said in them (docs/rooms.md)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.auth import check_origin
from server.glossary_store import UnknownGlossary
from server.json_body import read_json
from server.languages import list_languages
from server.rooms.access import ROLES, require
from server.rooms.invitation import INVITATION_HOURS, checked_hours, meeting_link
from server.rooms.seat import Role
from server.rooms.store import StoredRoom
from server.runtime import Runtime
from server.transcript_api import asked_format, transcript_answer
from server.transcript_room import export_room
from server.transcript_store import RETENTION_S, Retention
from streaming.errors import BadInput
from streaming.structuring import structure

_HOST_LIFE_S = 30 * 86_400.0
"""A host comes back to a monthly meeting by the link that opened its room."""

_NAME_CHARACTERS = 80
_MOST_GLOSSARIES = 20
_MOST_BYTES = 16_000
_PATH = "/v1/rooms"
_CLOSED = "the host has closed the room"


class Meetings(Protocol):
    """Those that are going on now."""

    def counts(self, room_id: str) -> tuple[int, int]:
        """Speakers and listeners inside."""

    def close(self, room_id: str, reason: str) -> None:
        """Everyone inside is told and sent away."""


@dataclass(frozen=True, slots=True)
class _Opening:
    """The body of `POST /v1/rooms`."""

    name: str | None
    transcripts: str | None
    """None: as long as the server allows"""
    glossaries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Invitation:
    """The body of `POST /v1/rooms/ROOM/invite`."""

    role: str
    hours: float = INVITATION_HOURS


class RoomApi:
    """The routes that open no connection."""

    def __init__(self, runtime: Runtime, meetings: Meetings) -> None:
        self._runtime = runtime
        self._meetings = meetings

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route(_PATH, self.open, methods=["POST"])
        router.add_api_route(_PATH + "/{room_id}", self.get, methods=["GET"])
        router.add_api_route(_PATH + "/{room_id}", self.remove, methods=["DELETE"])
        router.add_api_route(_PATH + "/{room_id}/invite", self.invite, methods=["POST"])
        router.add_api_route(_PATH + "/{room_id}/transcript", self.transcript, methods=["GET"])
        router.add_api_route(_PATH + "/{room_id}/transcript", self.remove_transcript, methods=["DELETE"])
        return router

    async def open(self, request: Request) -> JSONResponse:
        """A new room, and its host's token."""
        _check_origin(request)
        await anyio.to_thread.run_sync(self._runtime.access.may_open, request.headers.get("authorization"))
        asked: _Opening = structure(_Opening, await read_json(request, most=_MOST_BYTES), "room")
        name, kept = _name(asked.name or ""), self._retention(asked.transcripts)

        def create() -> StoredRoom:
            self._check_glossaries(asked.glossaries)
            return self._runtime.room_store.create(
                name, open=self._runtime.settings.rooms == "open", transcripts=kept, glossaries=asked.glossaries
            )

        room = await anyio.to_thread.run_sync(create)
        token = self._runtime.access.issue("host", room.id, _HOST_LIFE_S)
        body = {"room": room.id, "name": room.name, "token": token, "link": _link(request, token, room)}
        return _unstored(body, 201)

    async def get(self, request: Request, room_id: str) -> JSONResponse:
        """What a page shows before one joins."""
        room, role = await self._enter(request, room_id, "listener")
        speakers, listeners = self._meetings.counts(room.id)
        return _unstored(
            {
                "room": room.id,
                "name": room.name,
                "role": role,
                "transcripts": room.transcripts,
                "speakers": speakers,
                "listeners": listeners,
                "languages": list_languages(self._runtime.ready()),
            }
        )

    async def remove(self, request: Request, room_id: str) -> Response:
        """The room and its transcript, for ever; who is inside is told."""
        _check_origin(request)
        room, _ = await self._enter(request, room_id, "host")
        await anyio.to_thread.run_sync(self._runtime.room_store.remove, room.id)
        self._meetings.close(room.id, _CLOSED)
        await self._runtime.transcripts.remove_room(room.id)
        return Response(status_code=204)

    async def invite(self, request: Request, room_id: str) -> JSONResponse:
        """A token for others, and the link with it."""
        _check_origin(request)
        room, _ = await self._enter(request, room_id, "host")
        asked: _Invitation = structure(_Invitation, await read_json(request, most=_MOST_BYTES), "invitation")
        if asked.role not in ROLES:
            raise BadInput(f"invitation.role must be one of {', '.join(ROLES)}")
        life_s = 3600.0 * checked_hours(asked.hours, "invitation.hours")
        token = self._runtime.access.issue(cast(Role, asked.role), room.id, life_s)
        expires_at = round(1000 * (time.time() + life_s))
        return _unstored({"token": token, "link": _link(request, token, room), "expires_at": expires_at}, 201)

    async def transcript(self, request: Request, room_id: str) -> Response:
        """What is kept of all that was said in the room; the meeting may go on."""
        room, _ = await self._enter(request, room_id, "listener")
        wanted = asked_format(request)
        return transcript_answer(export_room(room, await self._runtime.transcripts.read_room(room.id), wanted), wanted)

    async def remove_transcript(self, request: Request, room_id: str) -> Response:
        """For ever, and what the meeting goes on to say as well."""
        _check_origin(request)
        room, _ = await self._enter(request, room_id, "host")
        await self._runtime.transcripts.remove_room(room.id)
        return Response(status_code=204)

    async def _enter(self, request: Request, room_id: str, least: Role) -> tuple[StoredRoom, Role]:
        """Raises UnknownRoom, Unauthorized, and Forbidden for who may do less than `least`."""

        def enter() -> tuple[StoredRoom, Role]:
            room = self._runtime.room_store.get(room_id)
            return room, self._runtime.access.check(request.headers.get("authorization"), room)

        room, role = await anyio.to_thread.run_sync(enter)
        require(role, least)
        return room, role

    def _retention(self, asked: str | None) -> Retention:
        longest = self._runtime.settings.transcripts
        if asked is None:
            return longest
        if asked not in RETENTION_S:
            raise BadInput(f"room.transcripts must be one of {', '.join(RETENTION_S)}")
        wanted = cast(Retention, asked)
        if (RETENTION_S[wanted] or 0.0) > (RETENTION_S[longest] or 0.0):
            raise BadInput(f"room.transcripts: {wanted} is longer than this server allows: {longest} (--transcripts)")
        return wanted

    def _check_glossaries(self, names: Sequence[str]) -> None:
        """Blocks. Raises BadInput for one that is not there."""
        if len(names) > _MOST_GLOSSARIES:
            raise BadInput(f"room.glossaries: at most {_MOST_GLOSSARIES}")
        for name in names:
            try:
                self._runtime.glossaries.find(name)
            except UnknownGlossary as error:
                raise BadInput(f"room.glossaries: {error.reason}") from error


def _name(asked: str) -> str:
    name = asked.strip()
    if len(name) > _NAME_CHARACTERS or not name.isprintable():
        raise BadInput(f"room.name: at most {_NAME_CHARACTERS} printable characters")
    return name


def _check_origin(request: Request) -> None:
    check_origin(request.headers.get("origin"), request.headers.get("host"))


def _link(request: Request, token: str, room: StoredRoom) -> str:
    """On the host by which the server was asked."""
    origin = f"{request.url.scheme}://{request.headers.get('host', request.url.netloc)}"
    return meeting_link(origin, token, room.id)


def _unstored(body: dict[str, Any], status: int = 200) -> JSONResponse:
    """For nobody's cache: it has a token, or changes."""
    return JSONResponse(body, status, {"Cache-Control": "no-store"})
