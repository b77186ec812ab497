"""Glossaries over HTTP, in the shape of DeepL's v3 multilingual glossaries.

Entries are TSV; beside source and target ours may have part of speech and case (see `streaming.glossary`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import anyio.to_thread
from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.auth import check_origin
from server.glossary_store import Dictionary, StoredGlossary, UnknownGlossary
from server.json_body import read_json
from server.runtime import Runtime
from streaming.errors import BadInput
from streaming.glossary import MAX_FILE_BYTES, Glossary, merge_glossaries, parse_glossary
from streaming.language import primary

_MAX_DICTIONARIES = 100
_PATH = "/v3/glossaries"

Answer = TypeVar("Answer")


class GlossaryApi:
    """The routes: create, list, get, entries, change, replace or remove a dictionary, remove."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._store = runtime.glossaries

    def router(self) -> APIRouter:
        router = APIRouter()
        router.add_api_route(_PATH, self.create, methods=["POST"])
        router.add_api_route(_PATH, self.list, methods=["GET"])
        router.add_api_route(_PATH + "/{glossary_id}", self.get, methods=["GET"])
        router.add_api_route(_PATH + "/{glossary_id}", self.change, methods=["PATCH"])
        router.add_api_route(_PATH + "/{glossary_id}", self.remove, methods=["DELETE"])
        router.add_api_route(_PATH + "/{glossary_id}/entries", self.entries, methods=["GET"])
        router.add_api_route(_PATH + "/{glossary_id}/dictionaries", self.replace_dictionary, methods=["PUT"])
        router.add_api_route(_PATH + "/{glossary_id}/dictionaries", self.remove_dictionary, methods=["DELETE"])
        return router

    async def create(self, request: Request) -> JSONResponse:
        """A new glossary of one dictionary or several."""
        body = await self._body(request)

        def create() -> StoredGlossary:
            return self._store.create(_name(body), _glossaries(body))

        return JSONResponse(_described(await self._run(create)), 201)

    async def list(self, request: Request) -> JSONResponse:
        """All of them, without their entries."""
        self._check(request)
        return JSONResponse({"glossaries": [_described(one) for one in await self._run(self._store.all)]})

    async def get(self, request: Request, glossary_id: str) -> JSONResponse:
        """One, without its entries."""
        self._check(request)
        return JSONResponse(_described(await self._run(lambda: self._find(glossary_id))))

    async def entries(
        self, request: Request, glossary_id: str, source_lang: str = "", target_lang: str = ""
    ) -> JSONResponse:
        """The entries, of both languages where they are given, else of every dictionary."""
        self._check(request)

        def read() -> list[dict[str, str]]:
            wanted = [
                pair
                for pair in self._find(glossary_id).dictionaries
                if (not source_lang or primary(source_lang) == pair.source_language)
                and (not target_lang or primary(target_lang) == pair.target_language)
            ]
            if not wanted:
                raise UnknownGlossary(f"{glossary_id} has no such dictionary")
            return [self._entries(glossary_id, pair) for pair in wanted]

        return JSONResponse({"dictionaries": await self._run(read)})

    async def change(self, request: Request, glossary_id: str) -> JSONResponse:
        """Another name, entries added; of those with the same source the new one counts."""
        body = await self._body(request)

        def change() -> StoredGlossary:
            found = self._find(glossary_id)
            for glossary in _glossaries(body) if "dictionaries" in body else ():
                self._store.put(glossary_id, self._merged(found, glossary))
            if "name" in body:
                self._store.rename(glossary_id, _name(body))
            return self._find(glossary_id)

        return JSONResponse(_described(await self._run(change)))

    async def replace_dictionary(self, request: Request, glossary_id: str) -> JSONResponse:
        """A dictionary in the place of what there is for its languages."""
        body = await self._body(request)

        def replace() -> Glossary:
            glossary = _glossary(body, "")
            self._store.put(self._find(glossary_id).id, glossary)
            return glossary

        stored = await self._run(replace)
        pair = Dictionary(stored.source_language, stored.target_language, len(stored.terms))
        return JSONResponse(_described_dictionary(pair))

    async def remove_dictionary(
        self, request: Request, glossary_id: str, source_lang: str, target_lang: str
    ) -> Response:
        self._check(request)
        pair = primary(source_lang), primary(target_lang)
        await self._run(lambda: self._store.remove_dictionary(self._find(glossary_id).id, *pair))
        return Response(status_code=204)

    async def remove(self, request: Request, glossary_id: str) -> Response:
        self._check(request)
        await self._run(lambda: self._store.remove(glossary_id))
        return Response(status_code=204)

    def _check(self, request: Request) -> None:
        check_origin(request.headers.get("origin"), request.headers.get("host"))
        self._runtime.keys.check(request.headers.get("authorization"))

    async def _body(self, request: Request) -> Mapping[str, Any]:
        self._check(request)
        body = await read_json(request, most=MAX_FILE_BYTES)
        if not isinstance(body, Mapping):
            raise BadInput("the request body must be a JSON object")
        return body

    async def _run(self, call: Callable[[], Answer]) -> Answer:
        return await anyio.to_thread.run_sync(call)

    def _find(self, glossary_id: str) -> StoredGlossary:
        """By its id alone."""
        found = self._store.find(glossary_id)
        if found.id != glossary_id:
            raise UnknownGlossary(f"no glossary is stored under {glossary_id!r}")
        return found

    def _entries(self, glossary_id: str, pair: Dictionary) -> dict[str, str]:
        glossary = self._store.read(glossary_id, pair.source_language, pair.target_language)
        return {
            "source_lang": pair.source_language,
            "target_lang": pair.target_language,
            "entries": glossary.tsv(),
            "entries_format": "tsv",
        }

    def _merged(self, found: StoredGlossary, glossary: Glossary) -> Glossary:
        pair = glossary.source_language, glossary.target_language
        if not any((known.source_language, known.target_language) == pair for known in found.dictionaries):
            return glossary
        (merged,) = merge_glossaries([glossary, self._store.read(found.id, *pair)])
        return merged


def _name(body: Mapping[str, Any]) -> str:
    name = body.get("name")
    if not isinstance(name, str):
        raise BadInput("name must be a string")
    return name


def _glossaries(body: Mapping[str, Any]) -> list[Glossary]:
    listed = body.get("dictionaries")
    if not isinstance(listed, list) or not 0 < len(listed) <= _MAX_DICTIONARIES:
        raise BadInput(f"dictionaries must be a list of 1 to {_MAX_DICTIONARIES}")
    glossaries = [_glossary(one, f"dictionaries[{place}]: ") for place, one in enumerate(listed)]
    if len({(one.source_language, one.target_language) for one in glossaries}) < len(glossaries):
        raise BadInput("dictionaries: one for each pair of languages")
    return glossaries


def _glossary(body: Any, where: str) -> Glossary:
    """`where` begins every error."""
    fields = ("source_lang", "target_lang", "entries")
    if not isinstance(body, Mapping) or not all(isinstance(body.get(field), str) for field in fields):
        raise BadInput(f"{where}{', '.join(fields)} must be strings")
    if body.get("entries_format", "tsv") != "tsv":
        raise BadInput(f"{where}entries_format: only tsv is served here")
    try:
        glossary = parse_glossary(
            body["entries"], source_language=body["source_lang"], target_language=body["target_lang"]
        )
    except BadInput as error:
        raise BadInput(f"{where}{error.reason}") from error
    if not glossary.terms:
        raise BadInput(f"{where}entries has no term")
    return glossary


def _described(stored: StoredGlossary) -> dict[str, Any]:
    return {
        "glossary_id": stored.id,
        "name": stored.name,
        "dictionaries": [_described_dictionary(pair) for pair in stored.dictionaries],
        "creation_time": stored.created,
    }


def _described_dictionary(pair: Dictionary) -> dict[str, Any]:
    return {"source_lang": pair.source_language, "target_lang": pair.target_language, "entry_count": pair.terms}
