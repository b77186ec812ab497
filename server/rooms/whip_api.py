"""Into a room with a broadcaster's tools: WHIP sends a voice (RFC 9725), WHEP plays a mix (draft-ietf-wish-whep)."""

from __future__ import annotations

import time
from typing import cast

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.auth import check_origin
from server.ice import IceServer
from server.json_body import read_body
from server.rooms.connections import Connection
from server.rooms.entrance import Entrance
from server.rooms.ice_fragment import read_fragment
from server.rooms.participant_session import Carries
from server.rooms.seat import Wishes
from server.runtime import Runtime
from streaming.errors import BadInput, DragomanError
from streaming.mixer import DUCKED_GAIN
from streaming.session_request import Gender

_SDP = "application/sdp"
_FRAGMENT = "application/trickle-ice-sdpfrag"

_WHIP = Carries(microphone=True, mix=False, messages=False)
_WHEP = Carries(microphone=False, mix=True, messages=False)


class WrongType(BadInput):
    """The body is of another type than the route takes."""

    code = "wrong_type"
    status = 415


class PreconditionRequired(BadInput):
    """RFC 9725 has a PATCH say which ICE session it means."""

    code = "precondition_required"
    status = 428


class PreconditionFailed(BadInput):
    """The PATCH means another ICE session."""

    code = "precondition_failed"
    status = 412


class NoIceRestart(DragomanError):
    """RFC 9725, section 4.3.3: the client makes a new session instead."""

    code = "no_ice_restart"
    status = 422


class WhipApi:
    """The routes of both: they differ only in what goes over the connection."""

    def __init__(self, runtime: Runtime, entrance: Entrance) -> None:
        self._runtime = runtime
        self._entrance = entrance

    def router(self) -> APIRouter:
        router = APIRouter()
        for name, post in (("whip", self.whip), ("whep", self.whep)):
            endpoint = f"/v1/rooms/{{room_id}}/{name}"
            router.add_api_route(endpoint, post, methods=["POST"])
            router.add_api_route(endpoint, self.options, methods=["OPTIONS"])
            for path in (endpoint, f"{endpoint}/{{connection_id}}"):
                router.add_api_route(path, self.refuse, methods=["GET", "HEAD", "PUT"])
            router.add_api_route(f"{endpoint}/{{connection_id}}", self.delete, methods=["DELETE"])
            router.add_api_route(f"{endpoint}/{{connection_id}}", self.patch, methods=["PATCH"])
        return router

    async def whip(self, room_id: str, request: Request) -> Response:
        """A speaker who only speaks. Raises BadInput, Unauthorized, Forbidden, Busy."""
        asked = request.query_params
        if not asked.get("speaks"):
            raise BadInput("speaks is missing: the URL ends in ?speaks=en&name=Stage, with the language of who speaks")
        wishes = Wishes(
            name=asked.get("name") or "WHIP",
            speaks=asked["speaks"],
            voice=cast(Gender | None, asked.get("voice") or None),
        )
        return await self._open(room_id, request, wishes, _WHIP)

    async def whep(self, room_id: str, request: Request) -> Response:
        """A listener who only hears. Raises as `whip`."""
        asked = request.query_params
        if not asked.get("hears"):
            raise BadInput("hears is missing: the URL ends in ?hears=pt, with the language that is to be heard")
        wishes = Wishes(
            name=asked.get("name") or "WHEP", hears=asked["hears"], original=_number(asked.get("original"), DUCKED_GAIN)
        )
        return await self._open(room_id, request, wishes, _WHEP)

    async def options(self, room_id: str) -> Response:
        """What may be posted. No page of another origin may, so there is no more to say (CORS)."""
        return Response(status_code=204, headers={"Accept-Post": _SDP, "Allow": "OPTIONS, POST"})

    async def refuse(self) -> Response:
        """RFC 9725 keeps these methods for later; without a route they would ask for a file of the page."""
        raise HTTPException(405, "WHIP and WHEP know POST, and DELETE and PATCH for a session")

    async def delete(self, room_id: str, connection_id: str, request: Request) -> Response:
        """Ends the connection; its participant leaves."""
        self._entrance.connections.leave(await self._found(room_id, connection_id, request))
        return Response(status_code=200)

    async def patch(self, room_id: str, connection_id: str, request: Request) -> Response:
        """Takes candidates that were found after the offer. Raises NoIceRestart where it asks for that."""
        connection = await self._found(room_id, connection_id, request)
        text = await _read(request, _FRAGMENT)
        wanted = request.headers.get("if-match")
        if wanted is None:
            raise PreconditionRequired("the header If-Match with the session's ETag is missing")
        fragment = read_fragment(text)
        peer = connection.session.peer
        if wanted == "*" or fragment.username not in peer.remote_usernames:
            raise NoIceRestart("an ICE restart is not possible here: open a new session")
        if wanted != _etag(connection):
            raise PreconditionFailed("If-Match is of another ICE session")
        await peer.add_candidates(fragment.candidates)
        return Response(status_code=204)

    async def _open(self, room_id: str, request: Request, wishes: Wishes, carries: Carries) -> Response:
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        # So we are DTLS's server, whose certificate alone settles the cipher: aiortc as its client has none for the RSA
        # certificates of GStreamer.
        sdp = (await _read(request, _SDP)).replace("a=setup:actpass", "a=setup:active")
        entered = await self._entrance.enter(room_id, request.headers.get("authorization"), wishes, carries, sdp)
        headers = {
            "Location": f"{request.url.path}/{entered.connection.id}",
            "ETag": _etag(entered.connection),
            "Accept-Patch": _FRAGMENT,
        }
        if servers := self._runtime.settings.ice.servers(time.time()):
            headers["Link"] = ", ".join(link for server in servers for link in _links(server))
        return Response(entered.sdp, 201, headers, media_type=_SDP)

    async def _found(self, room_id: str, connection_id: str, request: Request) -> Connection:
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        room, _role = await self._entrance.check(room_id, request.headers.get("authorization"))
        return self._entrance.connections.get(room.id, connection_id)


async def _read(request: Request, wanted: str) -> str:
    given = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if given != wanted:
        raise WrongType(f"the body must be {wanted}")
    try:
        return (await read_body(request)).decode()
    except UnicodeDecodeError as error:
        raise BadInput("the body is not UTF-8") from error


def _number(text: str | None, default: float) -> float:
    try:
        return float(text) if text else default
    except ValueError as error:
        raise BadInput("original must be a number from 0 to 1") from error


def _etag(connection: Connection) -> str:
    """There is one ICE session for each connection, since it can't be restarted."""
    return f'"{connection.id}"'


def _links(server: IceServer) -> list[str]:
    """Header fields as RFC 9725, section 4.6 has them."""
    login = ""
    if server.username is not None:
        quoted = [each.replace("\\", r"\\").replace('"', r"\"") for each in (server.username, server.credential or "")]
        login = f'; username="{quoted[0]}"; credential="{quoted[1]}"; credential-type="password"'
    return [f'<{url}>; rel="ice-server"{login}' for url in server.urls]
