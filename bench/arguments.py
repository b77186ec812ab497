"""Arguments that several benches share."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_corpus(command: argparse.ArgumentParser, columns: str) -> None:
    """`columns` of the manifest, in words."""
    command.add_argument(
        "--manifest",
        type=Path,
        metavar="M.tsv",
        help=f"tab-separated with a header: {columns} (default: built-in corpus)",
    )


def add_languages(command: argparse.ArgumentParser) -> None:
    command.add_argument("--from", dest="source", required=True, metavar="LANG", help="language spoken, such as en")
    command.add_argument("--to", dest="target", required=True, metavar="LANG", help="language to hear, such as pt")


def add_key(command: argparse.ArgumentParser) -> None:
    command.add_argument("--key", help="the server's API key, where it asks for one (default: $DRAGOMAN_API_KEY)")
