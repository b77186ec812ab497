from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import httpx
import pytest
from running_server import Running, running

from server.config import Settings
from server.glossary_store import GlossaryStore

THERE = {"source_lang": "en", "target_lang": "pt-BR", "entries": "budget\torçamento\nlead\tchumbo\tnoun"}
BACK = {"source_lang": "pt", "target_lang": "en", "entries": "verba\tbudget", "entries_format": "tsv"}
FINANCE = {"name": "finance", "dictionaries": [THERE, BACK]}

Serve = Callable[[Callable[[Running], Awaitable[None]]], None]


@pytest.fixture
def serve(tmp_path: Path) -> Serve:
    def run(talk: Callable[[Running], Awaitable[None]]) -> None:
        async def main() -> None:
            async with running(glossaries=GlossaryStore(tmp_path / "glossaries.sqlite3")) as server:
                await talk(server)

        asyncio.run(main())

    return run


async def create(server: Running) -> str:
    created = await server.http.post("/v3/glossaries", json=FINANCE)
    assert created.status_code == 201
    return str(created.json()["glossary_id"])


def test_a_glossary_is_created_listed_and_removed(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        created = (await server.http.post("/v3/glossaries", json=FINANCE)).json()
        assert created["name"] == "finance" and created["creation_time"]
        assert created["dictionaries"] == [
            {"source_lang": "en", "target_lang": "pt", "entry_count": 2},
            {"source_lang": "pt", "target_lang": "en", "entry_count": 1},
        ]
        path = f"/v3/glossaries/{created['glossary_id']}"
        assert (await server.http.get("/v3/glossaries")).json() == {"glossaries": [created]}
        assert (await server.http.get(path)).json() == created
        assert (await server.http.delete(path)).status_code == 204
        assert (await server.http.get(path)).status_code == 404

    serve(talk)


def test_entries_come_back_as_tsv(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        path = f"/v3/glossaries/{await create(server)}/entries"
        assert len((await server.http.get(path)).json()["dictionaries"]) == 2
        (there,) = (await server.http.get(path, params={"source_lang": "EN"})).json()["dictionaries"]
        assert there["entries"] == "budget\torçamento\nlead\tchumbo\tnoun\n"
        assert (await server.http.get(path, params={"source_lang": "de"})).status_code == 404

    serve(talk)


def test_entries_are_added_replaced_and_removed(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        path = f"/v3/glossaries/{await create(server)}"
        more = THERE | {"entries": "Budget\tverba\nlease\tarrendamento"}
        changed = (await server.http.patch(path, json={"name": "ours", "dictionaries": [more]})).json()
        assert (changed["name"], changed["dictionaries"][0]["entry_count"]) == ("ours", 3)
        put = await server.http.put(f"{path}/dictionaries", json=more)
        assert put.json() == {"source_lang": "en", "target_lang": "pt", "entry_count": 2}
        pair = {"source_lang": "en", "target_lang": "pt"}
        assert (await server.http.delete(f"{path}/dictionaries", params=pair)).status_code == 204
        assert [d["source_lang"] for d in (await server.http.get(path)).json()["dictionaries"]] == ["pt"]

    serve(talk)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ([], "JSON object"),
        ({"dictionaries": [THERE]}, "name must be"),
        ({"name": "x"}, "dictionaries must be"),
        ({"name": "x", "dictionaries": [{}]}, "dictionaries[0]: source_lang"),
        ({"name": "x", "dictionaries": [THERE, BACK | {"entries": "verba"}]}, "dictionaries[1]: line 1: no tab"),
        ({"name": "x", "dictionaries": [THERE, THERE]}, "each pair"),
        ({"name": "x", "dictionaries": [THERE | {"entries": "# none"}]}, "no term"),
        ({"name": "x", "dictionaries": [THERE | {"entries_format": "csv"}]}, "entries_format"),
        ({"name": "\n", "dictionaries": [THERE]}, "name: "),
    ],
)
def test_a_wrong_request_is_refused_by_field(serve: Serve, body: object, reason: str) -> None:
    async def talk(server: Running) -> None:
        refused = await server.http.post("/v3/glossaries", json=body)
        assert refused.status_code == 400
        assert reason in refused.json()["message"]
        assert (await server.http.get("/v3/glossaries")).json() == {"glossaries": []}

    serve(talk)


def test_every_route_asks_for_the_key_and_refuses_other_pages() -> None:
    async def main() -> None:
        async with running(Settings(max_speakers=1, api_keys=("secret",))) as server:
            calls = [("POST", ""), ("GET", ""), ("GET", "/x"), ("PATCH", "/x"), ("DELETE", "/x"), ("GET", "/x/entries")]
            calls += [("PUT", "/x/dictionaries"), ("DELETE", "/x/dictionaries?source_lang=en&target_lang=pt")]
            for method, path in calls:
                asked: httpx.Response = await server.http.request(method, f"/v3/glossaries{path}")
                assert asked.status_code == 401, (method, path)
            other = await server.http.get("/v3/glossaries", headers={"Origin": "https://elsewhere.example"})
            assert other.status_code == 403

    asyncio.run(main())


def test_a_session_gets_the_terms_of_its_glossary(serve: Serve) -> None:
    async def talk(server: Running) -> None:
        async with await server.connect(glossary_id=await create(server)):
            pass
        await server.until_empty()
        pairs = [(terms.source, terms.target) for terms in server.interpreter.paths[0].job.terminology]
        assert pairs == [("en", "pt"), ("pt", "en")]

    serve(talk)
