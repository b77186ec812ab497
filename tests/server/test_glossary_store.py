from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from server.glossary_source import load_glossaries, stored_glossaries
from server.glossary_store import Dictionary, GlossaryStore, UnknownGlossary, store_path
from server.sqlite_file import StoreFailed
from streaming.errors import BadInput
from streaming.glossary import Glossary, Term

THERE = Glossary("en", "pt", (Term("budget", "orçamento", "noun"), Term("May", "maio", "name", "exact")))
BACK = Glossary("pt", "en", (Term("verba", "budget"),))


@pytest.fixture
def store(tmp_path: Path) -> GlossaryStore:
    return GlossaryStore(tmp_path / "data" / "glossaries.sqlite3")


def test_a_glossary_comes_back_as_it_was_stored(store: GlossaryStore) -> None:
    stored = store.create("finance", [THERE, BACK])
    assert store.read(stored.id, "en", "pt") == THERE
    assert stored.dictionaries == (Dictionary("en", "pt", 2), Dictionary("pt", "en", 1))
    assert store.all() == [stored] == [store.find("finance")] == [store.find(stored.id)]


def test_a_dictionary_is_replaced_and_removed_by_its_languages(store: GlossaryStore) -> None:
    stored = store.create("finance", [THERE, BACK])
    store.put(stored.id, Glossary("en", "pt", (Term("lead", "chumbo"),)))
    assert store.read(stored.id, "en", "pt").terms == (Term("lead", "chumbo"),)
    store.remove_dictionary(stored.id, "pt", "en")
    assert store.find(stored.id).dictionaries == (Dictionary("en", "pt", 1),)


def test_a_removed_glossary_takes_its_dictionaries_along(store: GlossaryStore) -> None:
    stored = store.create("finance", [THERE])
    store.remove(stored.id)
    with pytest.raises(UnknownGlossary):
        store.read(stored.id, "en", "pt")


def test_a_name_that_two_have_needs_the_id(store: GlossaryStore) -> None:
    first, _ = store.create("finance", [THERE]), store.create("finance", [])
    with pytest.raises(BadInput, match="2 glossaries"):
        store.find("finance")
    store.rename(first.id, "ours")
    assert store.find("ours").id == first.id


def test_what_is_not_there_is_unknown(store: GlossaryStore) -> None:
    stored = store.create("finance", [])
    for call in (
        lambda: store.find("nosuch"),
        lambda: store.put("nosuch", THERE),
        lambda: store.rename("nosuch", "x"),
        lambda: store.remove("nosuch"),
        lambda: store.remove_dictionary(stored.id, "en", "pt"),
    ):
        with pytest.raises(UnknownGlossary):
            call()


@pytest.mark.parametrize("name", ["", " ", "a\nb", "x" * 201])
def test_a_name_is_printable_and_short(store: GlossaryStore, name: str) -> None:
    with pytest.raises(BadInput, match="name"):
        store.create(name, [THERE])
    assert store.all() == []


def test_threads_may_write_at_the_same_time(store: GlossaryStore) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda number: store.create(f"number {number}", [THERE]), range(12)))
    assert len(store.all()) == 12


def test_a_file_that_is_none_of_ours_fails_by_name(tmp_path: Path) -> None:
    (tmp_path / "x.sqlite3").write_bytes(b"no database, but long enough to be looked at" * 20)
    with pytest.raises(StoreFailed, match=r"x\.sqlite3"):
        GlossaryStore(tmp_path / "x.sqlite3").all()


def test_stored_glossaries_are_one_a_pair(store: GlossaryStore) -> None:
    store.create("a", [THERE]), store.create("b", [Glossary("en", "pt", (Term("lead", "chumbo"),)), BACK])
    there, back = stored_glossaries(["a", "b"], store)
    assert [term.source for term in there.terms] == ["budget", "May", "lead"]
    assert back == BACK


@pytest.mark.parametrize("source", ["en", None])
def test_a_stored_glossary_is_named_by_its_name(store: GlossaryStore, source: str | None) -> None:
    store.create("finance", [THERE, BACK])
    assert load_glossaries("finance", store, source=source, target="pt") == (THERE,)
    with pytest.raises(BadInput, match="no terms"):
        load_glossaries("finance", store, source=source, target="es")


def test_a_file_needs_its_language(store: GlossaryStore, tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    path.write_text(THERE.tsv(), "utf-8")
    assert load_glossaries(str(path), store, source="en", target="pt") == (THERE,)
    with pytest.raises(BadInput, match="language"):
        load_glossaries(str(path), store, source=None, target="pt")


def test_the_store_is_in_the_users_data_folder_wherever_the_models_are() -> None:
    environment = {"XDG_DATA_HOME": "/data", "DRAGOMAN_MODELS": "/models"}
    assert store_path(environment) == Path("/data/dragoman/glossaries.sqlite3")
