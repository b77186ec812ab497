"""`dragoman glossary`: check glossaries, try them on a text, store them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from mt.part_of_speech import is_ambiguous
from mt.terminology import Match, Terminology
from server.glossary_source import load_glossaries
from server.glossary_store import GlossaryStore, StoredGlossary, UnknownGlossary, store_path
from streaming.errors import BadInput
from streaming.glossary import Glossary, Term, read_glossary
from streaming.language import primary

_EXAMPLES = """examples:
  dragoman glossary check terms.tsv --from en --to pt
  dragoman glossary apply terms.tsv --from en --to pt "We approve the budgets today."
  dragoman glossary add finance terms.tsv --from en --to pt    (then: dragoman serve --glossary finance)
  dragoman glossary list
  dragoman glossary show finance --from en --to pt
  dragoman glossary remove finance

A glossary is a text file of two to four columns with tabs between them: source, target, part of speech (noun, verb,
adj, name or nothing) and case (exact or nothing). A first line may name the columns; # begins a comment.
Stored glossaries live in dragoman/glossaries.sqlite3 under $XDG_DATA_HOME or ~/.local/share.
"""
_SHORT = 3
"""letters: most such words are also spelt like something else"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman glossary",
        description="How the words of a subject are to be translated.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = command.add_subparsers(dest="action", required=True, metavar="check|apply|add|list|show|remove")
    checking = actions.add_parser("check", help="read a file and say what might go wrong with it")
    checking.add_argument("file", type=Path, metavar="FILE.tsv")
    applying = actions.add_parser("apply", help="show which terms a text has and what the translation model is told")
    applying.add_argument("glossary", metavar="GLOSSARY", help="a file, or the name of a stored one")
    applying.add_argument("text", metavar="TEXT", help="a sentence")
    adding = actions.add_parser(
        "add", help="store a file under a name, in the place of what is there for its languages"
    )
    adding.add_argument("name", metavar="NAME")
    adding.add_argument("file", type=Path, metavar="FILE.tsv")
    listing = actions.add_parser("list", help="what is stored")
    showing = actions.add_parser("show", help="the terms of a stored glossary, as a file has them")
    showing.add_argument("name", metavar="NAME", help="its name or id")
    removing = actions.add_parser("remove", help="a stored glossary, for all its languages")
    removing.add_argument("name", metavar="NAME", help="its name or id")
    for action in (checking, applying, adding, showing):
        action.add_argument("--from", dest="source", required=True, metavar="LANG", help="source language, such as en")
        action.add_argument("--to", dest="target", required=True, metavar="LANG", help="target language, such as pt")
    for action in (checking, applying, listing):
        action.add_argument("--json", action="store_true", help="as JSON")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises DragomanError for a glossary that can't be read or is not stored."""
    store = GlossaryStore(store_path())
    match args.action:
        case "check":
            return _check(args)
        case "apply":
            return _apply(store, args)
        case "add":
            return _add(store, args)
        case "list":
            return _list(store, as_json=args.json)
        case "show":
            found = store.find(args.name)
            print(store.read(found.id, primary(args.source), primary(args.target)).tsv(), end="")
        case _:
            found = store.find(args.name)
            store.remove(found.id)
            print(f"{found.name} is removed")
    return 0


def _check(args: argparse.Namespace) -> int:
    glossary = read_glossary(args.file, source_language=args.source, target_language=args.target)
    warnings = [(term.source, reason) for term in glossary.terms if (reason := _doubt(term, glossary))]
    if args.json:
        report = {
            "source_language": glossary.source_language,
            "target_language": glossary.target_language,
            "terms": len(glossary.terms),
            "warnings": [{"term": term, "reason": reason} for term, reason in warnings],
        }
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return 0
    print(f"{args.file}: {len(glossary.terms)} terms, {glossary.source_language} -> {glossary.target_language}")
    for term, reason in warnings:
        print(f"  {term}: {reason}")
    return 0


def _doubt(term: Term, glossary: Glossary) -> str:
    """Why it may be found where it isn't meant; empty: nothing speaks against it."""
    if " " in term.source or term.pos or term.case:
        return ""
    if is_ambiguous(term.source.casefold(), glossary.source_language):
        return "also a word of another part of speech: say which one is meant (noun, verb, adj or name)"
    if len(term.source) <= _SHORT and term.source.islower():
        return "short: give its part of speech, or `exact` if only this spelling is meant"
    return ""


def _apply(store: GlossaryStore, args: argparse.Namespace) -> int:
    source, target = primary(args.source), primary(args.target)
    (glossary,) = load_glossaries(args.glossary, store, source=source, target=target)
    terminology = Terminology(glossary)
    words = args.text.split()
    matches = terminology.find(words)
    replaced = terminology.replace(words, matches)
    if args.json:
        report = {
            "matches": [_described(match, words) for match in matches],
            "replaced": replaced,
        }
        print(json.dumps(report, ensure_ascii=False, indent=1))
        return 0
    for match in matches:
        print(f"{' '.join(words[match.start : match.end])}  ->  {match.term.target}")
    print(f"the model reads:  {replaced}" if matches else "no term is in this text")
    return 0


def _described(match: Match, words: list[str]) -> dict[str, object]:
    return {
        "start": match.start,
        "end": match.end,
        "text": " ".join(words[match.start : match.end]),
        "source": match.term.source,
        "target": match.term.target,
    }


def _add(store: GlossaryStore, args: argparse.Namespace) -> int:
    glossary = read_glossary(args.file, source_language=args.source, target_language=args.target)
    if not glossary.terms:
        raise BadInput(f"{args.file} has no term")
    try:
        store.put(store.find(args.name).id, glossary)
    except UnknownGlossary:
        store.create(args.name, [glossary])
    print(f"{args.name}: {len(glossary.terms)} terms, {glossary.source_language} -> {glossary.target_language}")
    return 0


def _list(store: GlossaryStore, *, as_json: bool) -> int:
    stored = store.all()
    if as_json:
        print(json.dumps([_listed(one) for one in stored], ensure_ascii=False, indent=1))
        return 0
    for one in stored:
        pairs = (f"{pair.source_language} -> {pair.target_language} ({pair.terms} terms)" for pair in one.dictionaries)
        print(f"{one.name}  {one.id}  {', '.join(pairs)}")
    if not stored:
        print("no glossary is stored (`dragoman glossary add` stores one)")
    return 0


def _listed(one: StoredGlossary) -> dict[str, object]:
    return {
        "id": one.id,
        "name": one.name,
        "created": one.created,
        "dictionaries": [
            {"source_language": pair.source_language, "target_language": pair.target_language, "terms": pair.terms}
            for pair in one.dictionaries
        ],
    }
