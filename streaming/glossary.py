"""A glossary: how the words of a subject are to be translated, read from tab-separated values.

A line is a term: source, target and, where they are known, part of speech and case rule. A first line may name the
columns in another order; lines that begin with `#` are comments.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast, get_args

from streaming.errors import BadInput
from streaming.language import primary

Pos = Literal["", "noun", "verb", "adj", "name"]
Case = Literal["", "exact"]

MAX_TERMS = 10_000
MAX_TERM_CHARACTERS = 100
MAX_FILE_BYTES = 4_000_000
"""more than `MAX_TERMS` long terms take"""
RESERVED = ("=", "|")
"""they set a term's translation off in the text that the translation model reads"""

_COLUMNS = ("source", "target", "pos", "case")


@dataclass(frozen=True, slots=True)
class Term:
    """One entry, in dictionary form on both sides."""

    source: str
    target: str
    pos: Pos = ""
    """empty: not known"""
    case: Case = ""
    """exact: it counts only as it is written here, and is never inflected"""


@dataclass(frozen=True, slots=True)
class Glossary:
    """Terms of one direction between two languages (primary ones)."""

    source_language: str
    target_language: str
    terms: tuple[Term, ...] = ()

    def tsv(self) -> str:
        """What `parse_glossary` reads back as this glossary; empty columns at a line's end are left out."""
        rows = ("\t".join((term.source, term.target, term.pos, term.case)).rstrip("\t") for term in self.terms)
        return "".join(f"{row}\n" for row in rows)

    def spoken_terms(self, most: int) -> tuple[str, ...]:
        """What a recogniser is likeliest to miss: names and exact spellings, then phrases, in the glossary's order."""
        names = [term.source for term in self.terms if term.case or term.pos == "name"]
        phrases = [term.source for term in self.terms if " " in term.source]
        return tuple(dict.fromkeys(names + phrases))[:most]


def read_glossary(path: Path, *, source_language: str, target_language: str) -> Glossary:
    """Raises BadInput, with the file's name, for what can't be read and for what `parse_glossary` refuses."""
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise BadInput(f"{path} is larger than {MAX_FILE_BYTES} bytes: not a glossary")
        text = path.read_bytes().decode("utf-8")
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not UTF-8 text") from error
    try:
        return parse_glossary(text, source_language=source_language, target_language=target_language)
    except BadInput as error:
        raise BadInput(f"{path}: {error.reason}") from error


def merge_glossaries(glossaries: Iterable[Glossary]) -> tuple[Glossary, ...]:
    """One for each pair of languages; of terms with one source and part of speech the first counts."""
    merged: dict[tuple[str, str], dict[tuple[str, Pos], Term]] = {}
    for glossary in glossaries:
        terms = merged.setdefault((glossary.source_language, glossary.target_language), {})
        for term in glossary.terms:
            terms.setdefault(_key(term), term)
    return tuple(Glossary(source, target, tuple(terms.values())) for (source, target), terms in merged.items())


def parse_glossary(text: str, *, source_language: str, target_language: str) -> Glossary:
    """Languages may be tags (pt-BR). Raises BadInput, with the line's number, for the first line that can't be."""
    source, target = primary(source_language), primary(target_language)
    if source == target:
        raise BadInput(f"a glossary is between two languages, not from {source} to itself")
    terms: dict[tuple[str, Pos], Term] = {}
    columns: tuple[str, ...] | None = None
    for number, fields in _rows(text):
        if columns is None:
            columns = _header(fields)
            if columns is not None:
                continue
            columns = _COLUMNS
        try:
            _add(terms, _term(fields, columns))
        except BadInput as error:
            raise BadInput(f"line {number}: {error.reason}") from error
    return Glossary(source, target, tuple(terms.values()))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.startswith("#"):
            yield number, line.split("\t")


def _header(fields: list[str]) -> tuple[str, ...] | None:
    """The columns, if this row names them."""
    names = tuple(field.strip().casefold() for field in fields)
    if not {"source", "target"} <= set(names) <= set(_COLUMNS) or len(set(names)) < len(names):
        return None
    return names


def _term(fields: list[str], columns: tuple[str, ...]) -> Term:
    while len(fields) > len(columns) and not fields[-1].strip():
        fields.pop()
    if len(fields) > len(columns):
        raise BadInput(f"{len(fields)} columns, at most {len(columns)} are known: {', '.join(columns)}")
    named = dict(zip(columns, fields, strict=False))
    return Term(
        _text(named, "source"),
        _text(named, "target"),
        cast(Pos, _choice(named, "pos", get_args(Pos))),
        cast(Case, _choice(named, "case", get_args(Case))),
    )


def _text(named: Mapping[str, str], column: str) -> str:
    written = unicodedata.normalize("NFC", named.get(column, "").replace("\u00a0", " "))
    text = " ".join(word for word in written.split(" ") if word)
    if not text:
        raise BadInput(f"the {column} is empty" if column in named else "no tab: source and target are two columns")
    if not text.isprintable():
        raise BadInput(f"the {column} has a control character: {text!r}")
    if not any(character.isalnum() for character in text):
        raise BadInput(f"the {column} {text!r} has neither letters nor digits")
    if text.startswith("#"):
        raise BadInput(f"the {column} {text!r} begins like a comment")
    if len(text) > MAX_TERM_CHARACTERS:
        raise BadInput(f"the {column} is longer than {MAX_TERM_CHARACTERS} characters")
    for sign in RESERVED:
        if sign in text:
            raise BadInput(f"the {column} {text!r} has a {sign}, which no term may have")
    return text


def _choice(named: Mapping[str, str], column: str, choices: tuple[str, ...]) -> str:
    value = named.get(column, "").strip().casefold()
    if value not in choices:
        raise BadInput(f"{column} {value!r} is none of {', '.join(filter(None, choices))}; leave it empty if unknown")
    return value


def _add(terms: dict[tuple[str, Pos], Term], term: Term) -> None:
    """What stands there twice is taken once; parts of speech may differ in target."""
    known = terms.setdefault(_key(term), term)
    if known.target != term.target:
        raise BadInput(f"{term.source!r} has two targets, {known.target!r} and {term.target!r}")
    if len(terms) > MAX_TERMS:
        raise BadInput(f"more than {MAX_TERMS} terms")


def _key(term: Term) -> tuple[str, Pos]:
    return term.source if term.case else term.source.casefold(), term.pos
