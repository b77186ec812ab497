"""Coming into a room as the page does, with an offer over HTTP; and the ICE servers to make the offer with."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import cast

from anyio import to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse

from server.auth import check_origin
from server.json_body import read_json
from server.rooms.entrance import Back, Entered, Entrance
from server.rooms.participant_session import Carries
from server.rooms.seat import Wishes
from server.runtime import Runtime
from streaming.errors import BadInput
from streaming.mixer import DUCKED_GAIN
from streaming.session_request import Gender
from streaming.structuring import structure


@dataclass(frozen=True, slots=True)
class Join:
    """The body of `POST /v1/rooms/ROOM/join`. Who comes back has `resume`, and keeps what was wished for."""

    sdp: str
    type: str
    name: str | None
    speaks: str | None
    hears: str | None
    captions: str | None
    original: float | None
    voice: str | None
    resume: str | None
    seen: int | None


class ConnectApi:
    """The routes."""

    def __init__(self, runtime: Runtime, entrance: Entrance) -> None:
        self._runtime = runtime
        self._entrance = entrance

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route("/v1/rooms/{room_id}/join", self.join, methods=["POST"])
        router.add_api_route("/v1/ice", self.ice, methods=["GET"])
        return router

    async def join(self, room_id: str, request: Request) -> JSONResponse:
        """Answers an offer and opens its connection. Raises BadInput, Unauthorized, Forbidden, Busy."""
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        join = structure(Join, await read_json(request), "join")
        if join.type != "offer":
            raise BadInput("join.type must be offer")
        authorization = request.headers.get("authorization")
        if join.resume is not None:
            back = Back(join.resume, join.seen or 0, _wishes(join) if join.name is not None else None)
            entered = await self._entrance.enter_again(room_id, authorization, back, join.sdp)
        else:
            carries = Carries(microphone=join.speaks is not None, mix=True, messages=True)
            entered = await self._entrance.enter(room_id, authorization, _wishes(join), carries, join.sdp)
        return JSONResponse(_told(entered))

    async def ice(self, request: Request) -> JSONResponse:
        """For whoever may come in anywhere. Raises Unauthorized."""
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        await to_thread.run_sync(self._runtime.access.check_any, request.headers.get("authorization"))
        servers = [server.to_json() for server in self._runtime.settings.ice.servers(time.time())]
        return JSONResponse({"ice_servers": servers}, headers={"Cache-Control": "no-store"})


def _wishes(join: Join) -> Wishes:
    if join.name is None:
        raise BadInput("join.name is missing")
    return Wishes(
        name=join.name,
        speaks=join.speaks,
        hears=join.hears,
        captions=join.captions,
        original=DUCKED_GAIN if join.original is None else join.original,
        voice=cast(Gender | None, join.voice),
    )


def _told(entered: Entered) -> dict[str, object]:
    seat = entered.seat
    return {
        "sdp": entered.sdp,
        "type": "answer",
        "participant": seat.participant,
        "resume": seat.resume,
        "room": seat.state(),
    }
