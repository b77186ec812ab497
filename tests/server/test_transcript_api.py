from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
import websockets
from running_server import Running, rest, running
from test_webrtc import browser

from server.config import Settings
from server.transcript_store import TranscriptStore
from streaming.wire import EndOfSourceMedia, SourceMediaChunk, encode

Serve = Callable[[Callable[[Running], Awaitable[None]]], None]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    def run(talk: Callable[[Running], Awaitable[None]]) -> None:
        async def main() -> None:
            store = TranscriptStore(tmp_path / "transcripts.sqlite3")
            async with running(Settings(max_speakers=2, transcripts="15m"), transcripts=store) as server:
                await talk(server)

        asyncio.run(main())

    return run


async def speak(server: Running) -> str:
    """A session over the voice interface, a second of speech long; the address of its transcript."""
    asked = (await server.ask(target_languages=["pt-BR"])).json()
    async with websockets.connect(f"{asked['streaming_url']}?token={asked['token']}") as socket:
        await socket.send(encode(SourceMediaChunk(bytes(32_000)), "json"))
        await socket.send(encode(EndOfSourceMedia(), "json"))
        await rest(socket)
    return f"/v1/transcripts/{asked['session_id']}"


def test_what_was_said_over_the_voice_interface_is_read_in_both_languages(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        answer = await server.http.get(await speak(server))
        assert answer.headers["Cache-Control"] == "no-store"
        body = answer.json()
        assert (body["source_language"], body["target_languages"]) == ("en", ["pt"])
        lines = [(line["kind"], line["language"], line["text"], line["end_s"]) for line in body["lines"]]
        assert lines == [("original", "en", "one0", 1.0), ("translation", "pt", "um0", 1.0)]

    serve(talk)


def test_what_is_said_into_the_page_is_read_while_it_is_said(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        async with browser(server) as page:
            await page.open()
            await page.until("target_transcript_update")
            body = (await server.http.get(f"/v1/transcripts/{page.session_id}")).json()
            assert body["lines"][0]["text"].startswith("one0")

    serve(talk)


@pytest.mark.parametrize(
    ("query", "accept", "media_type", "begin"),
    [
        ("", "*/*", "application/json", '{"session_id"'),
        ("", "text/html, text/vtt;q=0.9", "text/vtt; charset=utf-8", "WEBVTT"),
        ("?format=srt", "text/vtt", "application/x-subrip", "1\n00:00:00,000"),
        ("?format=txt", "*/*", "text/plain; charset=utf-8", "20"),
        ("?format=json", "text/plain", "application/json", '{"session_id"'),
    ],
)
def test_the_format_is_asked_for_by_name_or_type(
    serve: Serve, query: str, accept: str, media_type: str, begin: str
) -> None:
    async def talk(server: Running) -> None:
        answer = await server.http.get(await speak(server) + query, headers={"Accept": accept})
        assert answer.headers["Content-Type"] == media_type
        assert answer.text.startswith(begin)

    serve(talk)


def test_an_unknown_format_is_refused(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        refused = await server.http.get("/v1/transcripts/x?format=docx")
        assert (refused.status_code, refused.json()["code"]) == (400, "bad_input")

    serve(talk)


def test_a_removed_transcript_is_gone(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        path = await speak(server)
        assert (await server.http.delete(path)).status_code == 204
        for gone in (await server.http.get(path), await server.http.delete(path)):
            assert (gone.status_code, gone.json()["code"]) == (404, "unknown_transcript")

    serve(talk)


def test_nothing_is_kept_by_default(tmp_path: Path) -> None:
    async def main() -> None:
        async with running(transcripts=TranscriptStore(tmp_path / "transcripts.sqlite3")) as server:
            assert (await server.http.get(await speak(server))).status_code == 404

    asyncio.run(main())
    assert not list(tmp_path.iterdir())


def test_a_broken_store_leaves_the_session_alone(tmp_path: Path) -> None:
    async def main() -> None:
        (tmp_path / "file").touch()
        store = TranscriptStore(tmp_path / "file" / "transcripts.sqlite3")
        async with running(Settings(max_speakers=1, transcripts="1d"), transcripts=store) as server:
            await speak(server)
            await server.until_empty()
            assert server.interpreter.paths[0].finished

    asyncio.run(main())


def test_every_route_asks_for_the_key_and_refuses_other_pages() -> None:
    async def main() -> None:
        async with running(Settings(max_speakers=1, api_keys=("secret",))) as server:
            for method in ("GET", "DELETE"):
                assert (await server.http.request(method, "/v1/transcripts/x")).status_code == 401
            other = await server.http.get("/v1/transcripts/x", headers={"Origin": "https://elsewhere.example"})
            assert other.status_code == 403

    asyncio.run(main())
