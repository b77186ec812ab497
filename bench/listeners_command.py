"""`dragoman bench listeners`: what each further listener of a meeting costs, and whether they hear without gaps."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import numpy as np

from bench.arguments import add_corpus, add_languages
from bench.built_in_corpus import default_manifest
from bench.corpus import read_manifest
from bench.endless_clip import endless_clip
from bench.json_output import open_output, write_json
from bench.listeners_run import GAP_S, Step, measure
from bench.provenance import provenance
from bench.systems.live_server import live_server
from server.load import load_models
from server.models import ModelStore, models_dir
from streaming.errors import BadInput
from streaming.language import primary
from tts.voices import Voices

_SPARE_S = 60.0
"""of speech beyond what the steps take: joining takes its time"""

_EXAMPLES = """examples:
  dragoman bench listeners --from en --to pt --json listeners.json
  dragoman bench listeners --from en --to pt --counts 1,10,50,100 --seconds 60 --json - | jq .per_listener

One participant speaks without end, the others listen to the translation in a process of their own, which decodes
nothing, and one more in Chromium (Debian: apt-get install chromium). The server is started on this machine and shares
it with them.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench listeners",
        description="A meeting with one speaker and ever more listeners of one language: what each costs the server, "
        "and whether packets are late or lost.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_corpus(command, "path, lang")
    add_languages(command)
    command.add_argument("--counts", default="1,10,50,100", metavar="N,...", help="listeners (default: 1,10,50,100)")
    command.add_argument("--seconds", type=float, default=30.0, metavar="S", help="a step (default: 30)")
    command.add_argument("--json", required=True, metavar="OUT.json", help="the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for arguments or a corpus that can't be used, CrowdFailed, and what a join was refused with."""
    counts = _counts(args.counts)
    source, target = primary(args.source), primary(args.target)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        clips, _ = read_manifest(args.manifest or default_manifest(source, _voices), source, bad="refuse")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-listeners-")))
        talk = endless_clip(clips, len(counts) * (args.seconds + _SPARE_S), folder / "talk.flac")
        server = stack.enter_context(live_server(options=("--rooms", "open")))
        steps = anyio.run(partial(measure, server, talk, source, target, counts, args.seconds))
        result = {"provenance": provenance({}), "steps": [asdict(step) for step in steps], **_slopes(steps)}
        if out is not None:
            write_json(result, out)
    if args.json != "-":
        _print(result)
    return 0


def _slopes(steps: Sequence[Step]) -> dict[str, Any]:
    """What one more listener adds, by least squares over the steps."""
    if len(steps) < 2:
        return {"per_listener": None}
    counts = [step.listeners for step in steps]
    cpu = np.polyfit(counts, [step.cpu_share for step in steps], 1)[0]
    rss = np.polyfit(counts, [step.rss_mb for step in steps], 1)[0]
    return {"per_listener": {"cpu_share": round(float(cpu), 5), "rss_mb": round(float(rss), 2)}}


def _counts(text: str) -> list[int]:
    parts = text.split(",")
    if not all(part.strip().isdigit() and int(part) > 0 for part in parts):
        raise BadInput(f"--counts: {text!r} is not a list of numbers such as 1,10,50,100")
    return [int(part) for part in parts]


def _voices() -> Voices:
    return load_models(ModelStore(models_dir())).voices


def _print(result: dict[str, Any]) -> None:
    for step in result["steps"]:
        print(
            f"{step['listeners']:>4} listeners: {step['cpu_share']:.2f} cores, {step['rss_mb']:.0f} MB; "
            f"{step['lost']} packets lost, longest gap {step['longest_gap_s']:.3f} s, {step['gaps']} with one above "
            f"{GAP_S} s; {step['concealed']:.2%} concealed in Chromium",
        )
    if result["per_listener"]:
        print(f"one more: {result['per_listener']['cpu_share']:.4f} cores, {result['per_listener']['rss_mb']:.2f} MB")
