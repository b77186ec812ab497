"""`dragoman models`: which models there are, get them, check them, add one's own."""

from __future__ import annotations

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from server.added_model import add_model
from server.model_catalogue import Model
from server.model_fetch import fetch, needs_npm
from server.models import ModelStore, models_dir
from streaming.errors import BadInput, ModelMissing

_EXAMPLES = """examples:
  dragoman models list
  dragoman models fetch
  dragoman models verify whisper-base --json
  dragoman models add whisper-large ~/faster-whisper-large-v3 --link     (then: DRAGOMAN_WHISPER=whisper-large)
  dragoman models add faber ~/pt_BR-faber-medium.onnx --lang pt
  dragoman models add marian-en-de ~/ende.student.tiny11 --from en --to de

Models live in $DRAGOMAN_MODELS, else in dragoman/models under $XDG_DATA_HOME or ~/.local/share.
A model you added is used before the shipped one for its language or pair; delete its folder to undo that.
"""


@dataclass(frozen=True, slots=True)
class Bundled:
    """A model or voice that comes inside an installed package."""

    name: str
    package: str
    what: str
    licence: str


_BUNDLED = (
    Bundled("espeak-ng", "espeakng-loader", "eSpeak NG: phonemes for Kokoro, voice of last resort", "GPL-3.0-or-later"),
    Bundled("piper", "piper-tts", "the engine that runs Piper voices (embeds eSpeak NG)", "GPL-3.0-or-later"),
    Bundled("silero-vad", "faster-whisper", "Silero VAD: speech probability", "MIT"),
)


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman models",
        description="The models on this machine. Every file is checked against its sha256 before it is used.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = command.add_subparsers(dest="action", required=True, metavar="list|fetch|verify|add")
    listing = actions.add_parser("list", help="what, size, licence, where, verified or not")
    listing.add_argument("--json", action="store_true", help="as JSON")
    getting = actions.add_parser("fetch", help="get the shipped models through pip and npm and verify them")
    getting.add_argument("names", nargs="*", metavar="NAME", help="only these")
    getting.add_argument("--replace", action="store_true", help="get files anew that do not match their sha256")
    verifying = actions.add_parser("verify", help="hash every file; exit code 1 when one is missing or refused")
    verifying.add_argument("names", nargs="*", metavar="NAME", help="only these")
    verifying.add_argument("--json", action="store_true", help="as JSON")
    _add_arguments(actions.add_parser("add", help="add a faster-whisper folder, Piper voice or Marian student"))
    return command


def _add_arguments(adding: argparse.ArgumentParser) -> None:
    adding.add_argument("name", metavar="NAME", help="what to call it")
    adding.add_argument("path", type=Path, metavar="PATH", help="its folder, or a Piper voice's .onnx")
    adding.add_argument("--lang", metavar="LANG", help="a voice's language (default: what the voice says)")
    adding.add_argument("--from", dest="source", metavar="LANG", help="a student's source language")
    adding.add_argument("--to", dest="target", metavar="LANG", help="a student's target language")
    adding.add_argument("--licence", default="", metavar="TEXT", help="shown by `list`")
    adding.add_argument("--link", action="store_true", help="link to the files instead of copying them")


def run(args: argparse.Namespace) -> int:
    """Raises DragomanError for a model that is unknown, missing or refused."""
    store = ModelStore(models_dir())
    match args.action:
        case "list":
            return _list(store, as_json=args.json)
        case "fetch":
            return _fetch(store, args.names, replace=args.replace)
        case "verify":
            return _verify(store, args.names, as_json=args.json)
        case _:
            return _add(store, args)


def _list(store: ModelStore, *, as_json: bool) -> int:
    models = store.models()
    if as_json:
        print(json.dumps([_described(store, model) for model in models], ensure_ascii=False, indent=1))
        return 0
    rows = [
        (model.name, _megabytes(model.size), store.check(model).state, model.licence, model.what + _whose(model))
        for model in models
    ]
    _print_table(("NAME", "SIZE", "STATE", "LICENCE", "WHAT"), rows)
    print(f"\nin {store.root}\n\ncome with the installed packages:")
    _print_table(
        ("NAME", "PACKAGE", "LICENCE", "WHAT"),
        [(item.name, f"{item.package} {_installed(item.package)}", item.licence, item.what) for item in _BUNDLED],
    )
    print("\nNOTICE says what the GPL parts mean for one who redistributes them.")
    return 0


def _fetch(store: ModelStore, names: Sequence[str], *, replace: bool) -> int:
    wanted = [store.find(name) for name in names] or [model for model in store.models() if not model.added]
    if shutil.which("npm") is None:
        without = [model for model in wanted if needs_npm(model) and not store.is_here(model)]
        if names and without:
            raise ModelMissing(f"{without[0].name} comes through npm, which is not installed: apt-get install npm")
        for model in without:
            wanted.remove(model)
            print(f"{model.name}: left out, it comes through npm, which is not installed (apt-get install npm).")
            print("  Until then eSpeak NG speaks the languages that have no other voice; it sounds like a machine.")
    fetch(store, wanted, lambda line: print(line, flush=True), replace=replace)
    return 0


def _verify(store: ModelStore, names: Sequence[str], *, as_json: bool) -> int:
    models = [store.find(name) for name in names] or list(store.models())
    described = [_described(store, model) for model in models]
    if as_json:
        print(json.dumps(described, ensure_ascii=False, indent=1))
    else:
        for one in described:
            print(f"{one['name']}: {one['state']}")
            for problem in one["problems"]:
                print(f"  {problem}")
    return 0 if all(one["state"] == "verified" for one in described) else 1


def _add(store: ModelStore, args: argparse.Namespace) -> int:
    if any(model.name == args.name for model in store.models()):
        raise BadInput(f"there is a model called {args.name} already: take another name")
    if bool(args.source) != bool(args.target) or (args.lang and args.source):
        raise BadInput("give --from and --to for a student, --lang for a voice")
    languages = [language for language in (args.lang, args.source, args.target) if language]
    model = add_model(store.root, args.name, args.path, languages=languages, licence=args.licence, link=args.link)
    print(f"{model.name}: {model.what}, {_megabytes(model.size)}, {' -> '.join(model.languages) or 'any language'}")
    if model.kind == "whisper":
        print(f"to recognise with it: DRAGOMAN_WHISPER={model.name} dragoman serve")
    return 0


def _described(store: ModelStore, model: Model) -> dict[str, Any]:
    found = store.check(model)
    return {
        "name": model.name,
        "kind": model.kind,
        "what": model.what,
        "languages": model.languages,
        "licence": model.licence,
        "bytes": model.size,
        "where": str(store.root / model.name),
        "added_by_you": model.added,
        "packages": [f"{package.registry}:{package.name}=={package.version}" for package in model.packages],
        "state": found.state,
        "problems": [problem.error().reason for problem in found.problems],
    }


def _whose(model: Model) -> str:
    return f" ({' -> '.join(model.languages) or 'any language'}; added by you)" if model.added else ""


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "(not installed)"


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.1f} MB"


def _print_table(head: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> None:
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
