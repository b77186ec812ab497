"""`dragoman bench load`: how many speakers a live server carries at the same time."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import anyio

from bench.arguments import add_corpus, add_key, add_languages
from bench.built_in_corpus import default_manifest
from bench.corpus import Clip, read_manifest
from bench.endless_clip import endless_clip
from bench.json_output import open_output, write_json
from bench.load_knee import BUDGET_MS, SHED_MAX, Step, carried, figures, find_knee, verdict
from bench.load_plot import write_plot
from bench.load_run import SETTLE_S, LoadRun
from bench.provenance import engine_models, provenance
from bench.systems.live_server import live_server
from bench.systems.over_websocket import OverWebSocket
from bench.systems.server_compute import compute_seconds, compute_since
from clients.voice_client import Unreachable
from server.load import load_models
from server.models import ModelStore, models_dir
from streaming.errors import BadInput
from streaming.language import primary
from tts.voices import Voices

_LEAST_STEP_S = 2 * SETTLE_S
_EXAMPLES = """examples:
  dragoman bench load --from en --to pt --json load.json
  dragoman bench load --from en --to pt --server http://localhost:8080 --max-speakers 12 --json load.json
  dragoman bench load --manifest clips.tsv --from pt --to en --step-seconds 120 --json - | jq .carries

--json load.json also writes load.png, a picture of it. Without --server one is started on this machine, with room for
more speakers than join, and measured together with the speakers' own work. The run ends with the first number of
speakers that is too many: p95 span above the budget, more than one clause in twenty not spoken, a speaker of whom
nothing is heard, or a join refused.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench load",
        description="One more speaker joins a live server every so often and speaks without end, until it is too much: "
        "the listeners' lag, clauses lost, joins refused, CPU and memory by number of speakers.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # so that --key is always called that where the command is written down
    )
    add_corpus(command, "path, lang")
    add_languages(command)
    command.add_argument("--server", metavar="URL", help="a live server; default: one started for the run")
    add_key(command)
    command.add_argument("--max-speakers", type=int, default=6, metavar="N", help="stop there (default: 6)")
    command.add_argument(
        "--step-seconds",
        type=float,
        default=60.0,
        metavar="S",
        help=f"until the next one joins; the first {SETTLE_S:g} don't count (default: 60)",
    )
    command.add_argument("--json", metavar="OUT.json", help="write the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """1 when a session broke. Raises BadInput for arguments or a corpus that can't be used, Unreachable for a server
    that isn't there, ServerDown for one that doesn't start.
    """
    _check(args)
    source, target = primary(args.source), primary(args.target)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        clips, _ = read_manifest(args.manifest or default_manifest(source, _voices), source, bad="refuse")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-load-")))
        talks = [
            endless_clip(clips, args.max_speakers * args.step_seconds, folder / f"speaker-{number}.flac", seed=number)
            for number in range(1, args.max_speakers + 1)
        ]
        url = args.server or stack.enter_context(live_server(max_speakers=args.max_speakers + 1))
        before = compute_seconds(url)
        key = args.key or os.environ.get("DRAGOMAN_API_KEY") or None
        system = OverWebSocket(url, source, target, key=key, keep=False)
        steps = anyio.run(LoadRun(system, url, step_s=args.step_seconds).run, talks, _tell)
        origin = provenance(_models(url, before, None if args.server else ModelStore(models_dir())))
        result = {"provenance": origin, "system": system.name, **_result(steps, clips, args)}
        if out is not None:
            write_json(result, out)
    if args.json not in (None, "-"):
        write_plot(Path(args.json).with_suffix(".png"), result)
    print(result["verdict"], file=sys.stderr)
    return 1 if any(step.failed for step in steps) else 0


def _check(args: argparse.Namespace) -> None:
    if args.max_speakers < 1:
        raise BadInput("--max-speakers: at least one")
    if not _LEAST_STEP_S <= args.step_seconds < float("inf"):
        raise BadInput(f"--step-seconds: at least {_LEAST_STEP_S:g}, of which the first {SETTLE_S:g} don't count")
    if args.json not in (None, "-") and Path(args.json).suffix != ".json":
        raise BadInput("--json: a name that ends in .json (the picture lies beside it), or -")


def _voices() -> Voices:
    return load_models(ModelStore(models_dir())).voices


def _result(steps: Sequence[Step], clips: Sequence[Clip], args: argparse.Namespace) -> dict[str, Any]:
    knee = find_knee(steps)
    return {
        "clips": len(clips),
        "step_seconds": args.step_seconds,
        "budget_ms": round(BUDGET_MS),
        "shed_max": SHED_MAX,
        "carries": carried(steps),
        "knee": None if knee is None else asdict(knee),
        "verdict": verdict(steps),
        "steps": [figures(step) for step in steps],
    }


def _models(server: str, before: dict[str, float], store: ModelStore | None) -> dict[str, str]:
    """What computed; a server that had too much to do may no longer answer."""
    try:
        return engine_models(compute_since(server, before), store)
    except Unreachable as error:
        return {"unknown": error.reason}


def _tell(step: Step) -> None:
    """The step in a line, and what went wrong in it, for a person who watches."""
    row = figures(step)
    span, shed = row["ear_voice_span_ms"], "-" if row["shed"] is None else f"{row['shed']:.1%}"
    print(
        f"speakers {step.speakers}: span p50 {span['p50']} p95 {span['p95']} ms over {span['n']} clauses, {shed} shed, "
        f"{step.silent} silent, {len(step.refused)} refused, {len(step.failed)} failed, CPU {row['cpu']}, "
        f"memory {row['rss_mb']} MB",
        file=sys.stderr,
    )
    for trouble in (*step.refused, *step.failed):
        print(f"  speaker {trouble.speaker}: {trouble.code}: {trouble.reason}", file=sys.stderr)
