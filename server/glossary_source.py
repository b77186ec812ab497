"""The glossaries that a person names: a file, or what is stored under a name or id."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from mt.terminology import Terminology
from server.glossary_store import GlossaryStore
from streaming.errors import BadInput
from streaming.glossary import Glossary, merge_glossaries, read_glossary


def load_glossaries(named: str, store: GlossaryStore, *, source: str | None, target: str) -> tuple[Glossary, ...]:
    """Those into `target` (primary languages), from `source` alone if it is known. Raises BadInput if there is none."""
    path = Path(named)
    if path.is_file():
        if source is None:
            raise BadInput(f"{named} does not say from which language its terms are: say it, or store it first")
        return (read_glossary(path, source_language=source, target_language=target),)
    found = [
        glossary
        for glossary in stored_glossaries([named], store)
        if glossary.target_language == target and source in (None, glossary.source_language)
    ]
    if not found:
        raise BadInput(f"{named} has no terms from {source or 'any language'} into {target}")
    return tuple(found)


def load_terminology(names: Iterable[str], store: GlossaryStore) -> tuple[Terminology, ...]:
    """Ready to look terms up, which takes half a second for 10,000 of them. Raises BadInput for an unknown name."""
    return tuple(Terminology(glossary) for glossary in stored_glossaries(names, store))


def stored_glossaries(names: Iterable[str], store: GlossaryStore) -> tuple[Glossary, ...]:
    """All terms stored under these names, one glossary a pair of languages. Raises BadInput for an unknown name."""
    found = [store.find(name) for name in names]
    return merge_glossaries(
        store.read(glossary.id, pair.source_language, pair.target_language)
        for glossary in found
        for pair in glossary.dictionaries
    )
