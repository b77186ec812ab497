"""`dragoman bench soak`: hours of uninterrupted speech in one session."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from bench.arguments import add_corpus, add_key, add_languages
from bench.built_in_corpus import default_manifest
from bench.corpus import Clip, read_manifest
from bench.endless_clip import endless_clip
from bench.events import BenchEvent, ClauseHeard, ClauseSkipped, ModelCall, to_json
from bench.json_output import open_output, write_json
from bench.memory_samples import MemorySample, MemorySamples, own_memory_mb, server_memory_mb
from bench.provenance import engine_models, provenance
from bench.recording import System
from bench.soak_figures import figures
from bench.soak_plot import write_plot
from bench.systems.in_process import InProcess
from bench.systems.live_server import live_server
from bench.systems.over_websocket import OverWebSocket
from bench.systems.server_compute import compute_seconds, compute_since
from clients.voice_client import Unreachable
from server.load import load_models
from server.models import ModelStore, models_dir
from streaming.errors import BadInput, DragomanError
from streaming.language import primary
from tts.voices import Voices

_EXAMPLES = """examples:
  dragoman bench soak --from en --to pt --minutes 60 --json soak.json
  dragoman bench soak --from en --to pt --minutes 60 --virtual --json soak.json
  dragoman bench soak --manifest clips.tsv --from pt --to en --server http://localhost:8080 --json - | jq .summary

--json soak.json also writes soak.events.jsonl (every event as it happens) and soak.png, a picture of it. Ctrl-C ends
the run and still gives what was measured. Without --server one is started on this machine.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench soak",
        description="Speak for hours in one session, the corpus's clips joined with pauses, and measure whether lag or "
        "memory grow, and where the voice falls silent though it has something to say.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # so that --key is always called that where the command is written down
    )
    add_corpus(command, "path, lang")
    add_languages(command)
    command.add_argument("--minutes", type=float, default=60.0, metavar="M", help="of speech (default: 60)")
    where = command.add_mutually_exclusive_group()
    where.add_argument("--server", metavar="URL", help="a live server; default: one started for the run")
    where.add_argument("--virtual", action="store_true", help="in this process in virtual time")
    add_key(command)
    command.add_argument("--json", required=True, metavar="OUT.json", help="the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """1 when the session ended before its speech did. Raises BadInput for arguments or a corpus that can't be used,
    and what a session raises that ended before a clause was heard.
    """
    _check(args)
    source, target = primary(args.source), primary(args.target)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        log = None if args.json == "-" else open_output(str(Path(args.json).with_suffix(".events.jsonl")), stack)
        clips, _ = read_manifest(args.manifest or default_manifest(source, _voices), source, bad="refuse")
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-soak-")))
        clip = endless_clip(clips, 60 * args.minutes, folder / "soak.flac")
        soak = Soak(log)
        if args.virtual:
            # Nothing is kept: the corpus is said again and again, which nobody does.
            models = load_models(ModelStore(models_dir()), speech_kept=0)
            system: System = InProcess(models, source, target, keep=False)
            soak.run(system, clip, own_memory_mb)
        else:
            url = args.server or stack.enter_context(live_server())
            before = compute_seconds(url)
            key = args.key or os.environ.get("DRAGOMAN_API_KEY") or None
            system = OverWebSocket(url, source, target, key=key, keep=False)
            soak.run(system, clip, partial(server_memory_mb, url))
            soak.models |= _models_since(url, before)
        store = None if args.server else ModelStore(models_dir())
        result = {
            "provenance": provenance(engine_models(soak.models, store)),
            "system": system.name,
            "clips": len(clips),
            **soak.result(),
        }
        if out is not None:
            write_json(result, out)
    if args.json != "-":
        write_plot(Path(args.json).with_suffix(".png"), soak.heard, soak.skipped, soak.memory, lasted_s=soak.lasted_s)
    _print_summary(result)
    return 1 if soak.ended_by else 0


class Soak:
    """One session and what is kept of it: a few numbers a clause, whatever its length."""

    def __init__(self, log: TextIO | None) -> None:
        """`log` gets every event as it happens."""
        self.heard: list[ClauseHeard] = []
        self.skipped: list[ClauseSkipped] = []
        self.memory: list[MemorySample] = []
        self.models: set[str] = set()
        """those seen to compute"""
        self.lasted_s = 0.0
        """on the clip's clock, up to the newest event"""
        self.ended_by: str | None = None
        """why the session ended before its speech did; None: it didn't"""
        self._log = log

    def run(self, system: System, clip: Clip, read_mb: Callable[[], float | None]) -> None:
        """Ctrl-C and errors end it and are told of, once a clause was heard; before that they are raised."""
        with (
            tqdm(total=round(clip.seconds), unit="s", disable=not sys.stderr.isatty()) as bar,
            MemorySamples(read_mb, lambda: self.lasted_s) as memory,
        ):
            self.memory = memory.samples
            try:
                system.run(clip, partial(self._take, bar))
            except (Exception, KeyboardInterrupt) as error:  # whatever it is, the hours must not be lost
                if not self.heard:
                    raise
                self.ended_by = _reason(error)

    def result(self) -> dict[str, Any]:
        """What is written as JSON, but for where it comes from."""
        return {
            "ended_by": self.ended_by,
            **figures(self.heard, self.skipped, self.memory, lasted_s=self.lasted_s),
        }

    def _take(self, bar: tqdm, event: BenchEvent) -> None:
        if self._log is not None:
            self._log.write(to_json("soak", event) + "\n")
            self._log.flush()  # a run that is killed leaves its log
        self.lasted_s = max(self.lasted_s, event.at_s)
        match event:
            case ClauseHeard():
                self.heard.append(event)
                bar.update(event.at_s - bar.n)
            case ClauseSkipped():
                self.skipped.append(event)
            case ModelCall():
                self.models.add(event.model)


def _check(args: argparse.Namespace) -> None:
    if not 0 < args.minutes < float("inf"):
        raise BadInput("--minutes: more than none")
    if args.virtual and args.key:
        raise BadInput("--key is for a live server")
    if args.json != "-" and Path(args.json).suffix != ".json":
        raise BadInput("--json: a name that ends in .json (the log and the picture lie beside it), or -")


def _voices() -> Voices:
    return load_models(ModelStore(models_dir())).voices


def _models_since(server: str, before: dict[str, float]) -> set[str]:
    """None are known of a server that no longer answers."""
    try:
        return set(compute_since(server, before))
    except Unreachable:
        return set()


def _reason(error: BaseException) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "interrupted"
    return error.reason if isinstance(error, DragomanError) else f"{type(error).__name__}: {error}"


def _print_summary(result: dict[str, Any]) -> None:
    """The figures that are asked for first, for a person who watches."""
    of = result["summary"]
    span, lag, rss = of["ear_voice_span_ms"], of["lag_slope_s_per_min"], of["rss_slope_mb_per_10_min"]
    print(
        f"{of['seconds']} s: span p50 {span['p50']} p95 {span['p95']} ms, lag {_in_words(lag)} s/min, memory "
        f"{_in_words(rss)} MB/10 min, {of['gaps']} gaps, {of['clauses_skipped']} of {of['clauses']} clauses skipped",
        file=sys.stderr,
    )
    if result["ended_by"]:
        print(f"ended early: {result['ended_by']}", file=sys.stderr)


def _in_words(slope: dict[str, float] | None) -> str:
    return "unknown" if slope is None else f"{slope['slope']:+g} [{slope['low']:+g}, {slope['high']:+g}]"
