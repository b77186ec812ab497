"""The glossary that a person names on the command line: a file, or one that is stored."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from server.glossary_store import GlossaryStore
from streaming.errors import BadInput
from streaming.glossary import Glossary, merge_glossaries, read_glossary


def load_glossary(named: str, store: GlossaryStore, *, source: str, target: str) -> Glossary:
    """From `source` into `target` (primary languages). Raises BadInput, with what was named, if there is none."""
    path = Path(named)
    if path.is_file():
        return read_glossary(path, source_language=source, target_language=target)
    try:
        return store.read(store.find(named).id, source, target)
    except BadInput as error:
        raise BadInput(f"glossary: {named} is no file, and {error.reason}") from error


def stored_glossaries(names: Iterable[str], store: GlossaryStore) -> tuple[Glossary, ...]:
    """All terms stored under these names, one glossary a pair of languages. Raises BadInput for an unknown name."""
    found = [store.find(name) for name in names]
    return merge_glossaries(
        store.read(glossary.id, pair.source_language, pair.target_language)
        for glossary in found
        for pair in glossary.dictionaries
    )
