"""`dragoman bench meeting`: three people in real browsers, who take turns in two languages."""

from __future__ import annotations

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.arguments import add_languages
from bench.built_in_corpus import default_manifest
from bench.conversation import conversation
from bench.corpus import Clip, read_manifest
from bench.json_output import open_output, write_json
from bench.listening import Ear
from bench.meeting_figures import figures
from bench.meeting_run import hold
from bench.provenance import provenance
from bench.systems.live_server import live_server
from server.load import load_models
from server.models import ModelStore, models_dir
from streaming.budget import PRESETS
from streaming.errors import BadInput
from streaming.language import primary
from tts.voices import Voices

_EXAMPLES = """examples:
  dragoman bench meeting --from en --to pt --json meeting.json
  dragoman bench meeting --from en --to pt --minutes 5 --json - | jq '.participants'

Two speak --from, one --to; each hears their own language. Chromium, its microphones played from files, and the server
share this machine. Needs chromium (Debian: apt-get install chromium).
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench meeting",
        description="A conversation of three in real Chromium: how late each hears the others, whether they hear what "
        "they read, whose words the captions say they are, and whether the transcript is whole.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add_languages(command)
    command.add_argument("--minutes", type=float, default=5.0, metavar="M", help="of conversation (default: 5)")
    command.add_argument("--json", required=True, metavar="OUT.json", help="the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for arguments that can't be used, NoChromium, ServerDown, and what the pages fail with."""
    if not 0 < args.minutes < float("inf"):
        raise BadInput("--minutes: more than none")
    source, target = primary(args.source), primary(args.target)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        ours, theirs = _clips(source), _clips(target)
        half = len(ours) // 2
        turns = conversation(
            [("Ana", ours[:half]), ("Bia", theirs[0::2]), ("Carl", ours[half:]), ("Bia", theirs[1::2])],
            60 * args.minutes,
        )
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="dragoman-meeting-")))
        speakers = [("Ana", source), ("Bia", target), ("Carl", source)]
        with live_server(options=("--rooms", "open", "--transcripts", "15m")) as server:
            meeting, transcript = hold(server, speakers, turns, folder)
        ear = Ear(ModelStore(models_dir()).whisper())
        result = {
            "provenance": provenance({}),
            **figures(meeting, turns, transcript, ear, PRESETS["balanced"].p95_s),
        }
        if out is not None:
            write_json(result, out)
    if args.json != "-":
        _print(result)
    return 0


def _clips(language: str) -> list[Clip]:
    clips, _ = read_manifest(default_manifest(language, _voices), language, bad="refuse")
    return clips


def _voices() -> Voices:
    return load_models(ModelStore(models_dir())).voices


def _print(result: dict[str, Any]) -> None:
    print(f"{result['turns']} turns, {result['seconds']} s")
    for name, one in result["participants"].items():
        span = one["span_ms"]
        print(
            f"{name} ({one['language']}): span p50 {span['p50']} p95 {span['p95']} ms of {span['n']} clauses, "
            f"{one['in_budget']:.1%} within budget, {one['spoken_share']:.1%} spoken; word errors of what was heard "
            f"against what was read {one['heard_against_read_wer']}, of what was read against the transcript "
            f"{one['read_against_transcript_wer']}, of captions by name {one['names']}; {one['packets_lost']} packets "
            f"lost, {one['concealed']:.2%} concealed"
        )
