from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest
from running_server import Running, running

from server.config import Settings
from server.glossary_store import GlossaryStore
from server.rooms.seat import Role
from server.transcript_store import TranscriptStore
from streaming.glossary import parse_glossary
from streaming.items import Transcript, Word

HOUR_S = 3600.0


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def may_open(server: Running) -> dict[str, str]:
    return bearer(server.runtime.access.issue("host", None, HOUR_S))


async def opened(server: Running, **fields: object) -> dict[str, Any]:
    answer = await server.http.post("/v1/rooms", json=fields, headers=may_open(server))
    assert answer.status_code == 201, answer.text
    body: dict[str, Any] = answer.json()
    return body


@asynccontextmanager
async def keeping(folder: Path) -> AsyncIterator[Running]:
    """A server that keeps what is said for a day."""
    store = TranscriptStore(folder / "transcripts.sqlite3")
    async with running(Settings(max_speakers=2, transcripts="1d"), transcripts=store) as server:
        yield server


async def say(server: Running, room: str) -> None:
    """Ana says a word."""
    with server.runtime.transcripts.speaker("7", "pt", ["en"], room=room, name="Ana", keep_s=60.0) as keep:
        keep(Transcript("pt", (Word("Olá", 1.0, 2.0),)))


def test_a_room_is_opened_and_its_link_leads_its_host_in() -> None:
    async def main() -> None:
        async with running() as server:
            body = await opened(server, name=" Board ")
            assert body["name"] == "Board"
            page, _, fragment = body["link"].partition("#")
            assert page == f"{server.url}/meet/"
            assert parse_qs(fragment) == {"room": [body["room"]], "token": [body["token"]]}
            answer = await server.http.get(f"/v1/rooms/{body['room']}", headers=bearer(body["token"]))
            seen = answer.json()
            assert answer.headers["Cache-Control"] == "no-store"
            assert {name: seen[name] for name in ("room", "name", "role", "transcripts", "speakers", "listeners")} == {
                "room": body["room"],
                "name": "Board",
                "role": "host",
                "transcripts": "none",
                "speakers": 0,
                "listeners": 0,
            }
            assert {"en", "pt"} <= {language["lang"] for language in seen["languages"]}

    asyncio.run(main())


def test_who_has_no_token_opens_no_room() -> None:
    async def main() -> None:
        async with running() as server:
            assert (await server.http.post("/v1/rooms", json={})).status_code == 401
            guest = bearer((await opened(server))["token"])
            assert (await server.http.post("/v1/rooms", json={}, headers=guest)).status_code == 403

    asyncio.run(main())


def test_an_api_key_opens_a_room_and_is_host_in_it() -> None:
    async def main() -> None:
        async with running(Settings(api_keys=("right",))) as server:
            key = {"Authorization": "DeepL-Auth-Key right"}
            room = (await server.http.post("/v1/rooms", json={}, headers=key)).json()["room"]
            assert (await server.http.get(f"/v1/rooms/{room}", headers=key)).json()["role"] == "host"

    asyncio.run(main())


def test_on_a_server_with_open_rooms_nobody_needs_a_token() -> None:
    async def main() -> None:
        async with running(Settings(rooms="open")) as server:
            room = (await server.http.post("/v1/rooms", json={})).json()["room"]
            assert (await server.http.get(f"/v1/rooms/{room}")).json()["role"] == "speaker"
            assert (await server.http.delete(f"/v1/rooms/{room}")).status_code == 403

    asyncio.run(main())


def test_a_server_without_rooms_opens_none() -> None:
    async def main() -> None:
        async with running(Settings(rooms="off")) as server:
            refused = await server.http.post("/v1/rooms", json={}, headers=may_open(server))
            assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "room must be"),
        ({"name": 1}, "room.name"),
        ({"name": "x" * 81}, "room.name"),
        ({"name": "a\nb"}, "room.name"),
        ({"transcripts": "forever"}, "room.transcripts must be one of none, 15m, 1d, 30d"),
        ({"transcripts": "15m"}, "room.transcripts: 15m is longer"),
        ({"glossaries": "finance"}, "room.glossaries"),
        ({"glossaries": ["nosuch"]}, "room.glossaries: no glossary is stored under 'nosuch'"),
        ({"glossaries": ["x"] * 21}, "room.glossaries: at most 20"),
    ],
)
def test_a_room_that_cannot_be_is_refused_by_field(tmp_path: Path, body: object, reason: str) -> None:
    async def main() -> None:
        async with running(glossaries=GlossaryStore(tmp_path / "glossaries.sqlite3")) as server:
            refused = await server.http.post("/v1/rooms", json=body, headers=may_open(server))
            assert refused.status_code == 400
            assert reason in refused.json()["message"]

    asyncio.run(main())


def test_a_room_keeps_the_names_of_its_glossaries(tmp_path: Path) -> None:
    async def main() -> None:
        glossaries = GlossaryStore(tmp_path / "glossaries.sqlite3")
        glossaries.create("finance", [parse_glossary("budget\torçamento", source_language="en", target_language="pt")])
        async with running(glossaries=glossaries) as server:
            room = (await opened(server, glossaries=["finance"]))["room"]
            assert server.runtime.room_store.get(room).glossaries == ("finance",)

    asyncio.run(main())


def test_a_body_larger_than_any_room_is_refused() -> None:
    async def main() -> None:
        async with running() as server:
            body = {"name": "x" * 20_000}
            assert (await server.http.post("/v1/rooms", json=body, headers=may_open(server))).status_code == 413

    asyncio.run(main())


@pytest.mark.parametrize(("asked", "kept"), [(None, "1d"), ("15m", "15m"), ("none", "none")])
def test_a_room_keeps_what_is_said_as_long_as_its_server_or_shorter(
    tmp_path: Path, asked: str | None, kept: str
) -> None:
    async def main() -> None:
        async with keeping(tmp_path) as server:
            body = await opened(server, transcripts=asked)
            seen = await server.http.get(f"/v1/rooms/{body['room']}", headers=bearer(body["token"]))
            assert seen.json()["transcripts"] == kept

    asyncio.run(main())


@pytest.mark.parametrize("role", ["host", "speaker", "listener"])
def test_who_is_invited_comes_in_in_that_role(role: Role) -> None:
    async def main() -> None:
        async with running() as server:
            room = await opened(server)
            path = f"/v1/rooms/{room['room']}"
            answer = await server.http.post(
                f"{path}/invite", json={"role": role, "hours": 2}, headers=bearer(room["token"])
            )
            invited = answer.json()
            assert answer.status_code == 201
            assert invited["link"].endswith(f"/meet/#room={room['room']}&token={invited['token']}")
            assert abs(invited["expires_at"] / 1000 - time.time() - 2 * HOUR_S) < 60
            assert (await server.http.get(path, headers=bearer(invited["token"]))).json()["role"] == role

    asyncio.run(main())


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({}, "invitation.role is missing"),
        ({"role": "admin"}, "invitation.role must be one of host, speaker, listener"),
        ({"role": "speaker", "hours": 0}, "invitation.hours"),
        ({"role": "speaker", "hours": 9000}, "invitation.hours"),
        ({"role": "speaker", "hours": "2"}, "invitation.hours"),
    ],
)
def test_an_invitation_that_cannot_be_is_refused_by_field(body: object, named: str) -> None:
    async def main() -> None:
        async with running() as server:
            room = await opened(server)
            path = f"/v1/rooms/{room['room']}/invite"
            refused = await server.http.post(path, json=body, headers=bearer(room["token"]))
            assert refused.status_code == 400
            assert named in refused.json()["message"]

    asyncio.run(main())


@pytest.mark.parametrize(("method", "path"), [("POST", "/invite"), ("DELETE", ""), ("DELETE", "/transcript")])
def test_what_a_host_does_a_speaker_may_not(method: str, path: str) -> None:
    async def main() -> None:
        async with running() as server:
            room = (await opened(server))["room"]
            speaker = bearer(server.runtime.access.issue("speaker", room, HOUR_S))
            asked = await server.http.request(method, f"/v1/rooms/{room}{path}", headers=speaker)
            assert (asked.status_code, asked.json()["message"]) == (403, "a speaker may not do this: it needs a host")

    asyncio.run(main())


CALLS = [("GET", ""), ("DELETE", ""), ("POST", "/invite"), ("GET", "/transcript"), ("DELETE", "/transcript")]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_every_route_of_a_room_asks_for_a_token_and_knows_its_rooms(method: str, path: str) -> None:
    async def main() -> None:
        async with running() as server:
            room = await opened(server)
            asked = await server.http.request(method, f"/v1/rooms/{room['room']}{path}")
            assert asked.status_code == 401
            unknown = await server.http.request(method, f"/v1/rooms/x{path}", headers=bearer(room["token"]))
            assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_room")

    asyncio.run(main())


def test_pages_of_another_origin_change_nothing() -> None:
    async def main() -> None:
        async with running() as server:
            room = await opened(server)
            elsewhere = {"Origin": "https://elsewhere.example"} | bearer(room["token"])
            calls = [("POST", "/v1/rooms")] + [(how, f"/v1/rooms/{room['room']}{path}") for how, path in CALLS]
            for method, path in calls:
                asked: httpx.Response = await server.http.request(method, path, headers=elsewhere)
                assert asked.status_code == 403 or method == "GET", (method, path)

    asyncio.run(main())


def test_a_removed_room_is_gone_with_its_transcript(tmp_path: Path) -> None:
    async def main() -> None:
        async with keeping(tmp_path) as server:
            room = await opened(server)
            path, host = f"/v1/rooms/{room['room']}", bearer(room["token"])
            await say(server, room["room"])
            assert await server.runtime.transcripts.read_room(room["room"])
            assert (await server.http.delete(path, headers=host)).status_code == 204
            assert (await server.http.get(path, headers=host)).status_code == 404
        assert b"Ol\xc3\xa1" not in (tmp_path / "transcripts.sqlite3").read_bytes()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("query", "media_type", "part"),
    [
        ("", "application/json", '"name": "Ana", "original": true'),
        ("?format=txt", "text/plain; charset=utf-8", "0:00:01 Ana (pt): Olá"),
        ("?format=vtt", "text/vtt; charset=utf-8", "<v Ana><c.source>Olá</c>"),
        ("?format=srt", "application/x-subrip", "Ana: Olá"),
    ],
)
def test_what_was_said_is_read_by_all_in_the_room(tmp_path: Path, query: str, media_type: str, part: str) -> None:
    async def main() -> None:
        async with keeping(tmp_path) as server:
            room = (await opened(server))["room"]
            await say(server, room)
            listener = bearer(server.runtime.access.issue("listener", room, HOUR_S))
            answer = await server.http.get(f"/v1/rooms/{room}/transcript{query}", headers=listener)
            assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == (media_type, "no-store")
            assert part in answer.text

    asyncio.run(main())


def test_a_removed_transcript_is_gone_and_may_be_removed_again(tmp_path: Path) -> None:
    async def main() -> None:
        async with keeping(tmp_path) as server:
            room = await opened(server)
            path, host = f"/v1/rooms/{room['room']}/transcript", bearer(room["token"])
            await say(server, room["room"])
            for _ in range(2):
                assert (await server.http.delete(path, headers=host)).status_code == 204
                gone = await server.http.get(path, headers=host)
                assert (gone.status_code, gone.json()["code"]) == (404, "unknown_transcript")

    asyncio.run(main())
