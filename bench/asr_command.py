"""`dragoman bench asr`: recognition alone, by commit policy and beside other systems: word errors, latency and cost."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from bench.arguments import add_corpus
from bench.asr_figures import clip_outcome, clip_rows, figures
from bench.asr_runs import (
    OFFLINE,
    STREAMING,
    STRIDE_S,
    Measured,
    Setting,
    by_peer,
    by_policy,
    in_one_stream,
    spoken_words,
)
from bench.built_in_corpus import default_manifest
from bench.corpus import Clip, read_manifest
from bench.endless_clip import endless_clip
from bench.json_output import open_output, write_json
from bench.peers.peer import SYSTEMS, Peer, read_peer
from bench.provenance import provenance
from server.load import load_models
from server.models import ModelStore, models_dir
from streaming.errors import BadInput
from streaming.items import Word
from streaming.language import primary
from tts.voices import Voices

_POLICIES = (*STREAMING, OFFLINE)
_LEAST_STRIDE_S = 0.1
_LONGEST_STRIDE_S = 5.0
_EXAMPLES = """examples:
  dragoman bench asr --manifest clips.tsv --lang en
  dragoman bench asr --lang pt --speakers 3
  dragoman bench asr --manifest clips.tsv --lang pt --policy local_agreement --json - | jq .word_latency_ms
  dragoman bench asr --manifest clips.tsv --lang en --policy offline --limit 10 --json offline.json
  dragoman bench asr --lang en --policy confirmed_align_att@1.2,local_agreement@1.0
  dragoman bench asr --lang en --minutes 60 --json hour.json
  dragoman bench asr --manifest clips.tsv --lang en --policy confirmed_align_att,offline \\
      --peer whisper_live=ws://localhost:9090 --peer whisper_streaming=localhost:43007 --json - \\
      | jq '.runs[] | [.policy // .peer, .clock, .wer, .word_latency_ms.p50]'

A word's latency runs from its end in an offline alignment to the moment it was committed, compute included; offline,
that moment is the clip's end and the compute. The word error rate counts clips with a transcript only. memory_mb is the
peak of this process with the recogniser under test, before the alignment is made.

One policy alone is one JSON object. With several, or with a peer, it is {"runs": [...], "provenance": ...}: first the
policies, then the peers, each an object as before with "clock" ("virtual" or "real"); a peer's has "peer" and "address"
in place of "policy" and "stride_s". The peak of memory never falls, so memory_mb is null but for the first policy; so
are memory and compute of a peer. Peers are other systems' servers that already run: see docs/bench.md.

--minutes joins the corpus to one stream, each clip once before any comes again, and measures whether memory or lag
grow. Its latencies are by the recogniser's own times, and no word errors are counted.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench asr",
        description="Recognise every clip of a corpus, streaming in virtual time at a live speaker's pace or offline.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_corpus(command, "path, lang; optional transcript")
    command.add_argument("--lang", required=True, metavar="LANG", help="language spoken, such as en")
    command.add_argument(
        "--policy",
        type=_settings,
        default=[Setting(_POLICIES[0])],
        metavar="POLICY[@S],...",
        help=f"of {', '.join(_POLICIES)}, with S seconds of new audio between two recognitions; default: "
        f"{_POLICIES[0]}@{STRIDE_S}, the product's",
    )
    command.add_argument(
        "--speakers",
        type=int,
        default=1,
        metavar="N",
        help="clips spoken at once on this machine, those of like length together (default: 1)",
    )
    command.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME=ADDRESS",
        help=f"another system's running server, fed in real time; NAME: {', '.join(SYSTEMS)}; may be repeated",
    )
    command.add_argument(
        "--minutes", type=float, metavar="M", help="one stream of so many minutes in place of the clips"
    )
    command.add_argument(
        "--cpu-time",
        action="store_true",
        help="compute is the CPU time used, not the time that passed: on a machine with other work (one speaker)",
    )
    command.add_argument("--bad", choices=("refuse", "skip"), default="refuse", help="what to do with bad lines")
    command.add_argument("--limit", type=int, metavar="N", help="the first N clips only")
    command.add_argument("--json", metavar="OUT.json", help="write the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for a corpus or peer that can't be used, ModelMissing without the models.

    Raises ConnectionLost, SessionRefused, Unreachable for a peer that fails: no run is told without all of them.
    """
    if args.limit is not None and args.limit < 1:
        raise BadInput("--limit: at least one clip")
    if args.speakers < 1:
        raise BadInput("--speakers: at least one")
    if args.speakers > 1 and args.peer:
        raise BadInput("--speakers is for our own policies: leave out --peer")
    if args.cpu_time and (args.speakers > 1 or args.peer):
        raise BadInput("--cpu-time is for one speaker of our own")
    if args.minutes is not None:
        _check_stream(args)
    language = primary(args.lang)
    peers = [read_peer(text) for text in args.peer]
    manifest = args.manifest or default_manifest(language, _voices)
    clips, problems = read_manifest(manifest, language, bad=args.bad)
    for problem in problems:
        print(f"{manifest.name}:{problem.line}: skipped, {problem.reason}", file=sys.stderr)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        if args.minutes is None:
            result = _result(clips[: args.limit], language, args.policy, peers, args.speakers, cpu_time=args.cpu_time)
        else:
            result = _stream(clips[: args.limit], args.minutes, args.policy[0], cpu_time=args.cpu_time)
        if out is not sys.stdout:
            for row in result.get("runs", [result]):
                print(_summary(row) if args.minutes is None else _stream_summary(row))
        if out is not None:
            write_json(result, out)
    return 0


def _settings(text: str) -> list[Setting]:
    return list(dict.fromkeys(_setting(one) for one in text.split(",")))


def _setting(text: str) -> Setting:
    policy, _, stride = text.partition("@")
    if policy not in _POLICIES:
        raise argparse.ArgumentTypeError(f"{policy}: not of {', '.join(_POLICIES)}")
    if not stride and "@" not in text:
        return Setting(policy)
    try:
        stride_s = float(stride)
    except ValueError:
        stride_s = 0.0
    if policy == OFFLINE or not _LEAST_STRIDE_S <= stride_s <= _LONGEST_STRIDE_S:
        raise argparse.ArgumentTypeError(
            f"{text}: {_LEAST_STRIDE_S} to {_LONGEST_STRIDE_S} s between two recognitions of a streaming policy"
        )
    return Setting(policy, stride_s)


def _check_stream(args: argparse.Namespace) -> None:
    if not 0 < args.minutes < float("inf"):
        raise BadInput("--minutes: more than none")
    if args.peer or args.speakers > 1 or len(args.policy) > 1 or args.policy[0].policy == OFFLINE:
        raise BadInput("--minutes is for one speaker and one streaming policy")


def _voices() -> Voices:
    return load_models(ModelStore(models_dir())).voices


def _result(
    clips: Sequence[Clip],
    language: str,
    settings: Sequence[Setting],
    peers: Sequence[Peer],
    speakers: int,
    *,
    cpu_time: bool,
) -> dict[str, Any]:
    """What is written as JSON."""
    folder = ModelStore(models_dir()).whisper()
    # First, so that a peer that can't be reached is known before the work is done.
    theirs = [by_peer(clips, language, peer) for peer in peers]
    ours = [
        by_policy(clips, language, folder, setting, speakers=speakers, first=setting == settings[0], cpu_time=cpu_time)
        for setting in settings
    ]
    spoken = spoken_words(clips, language, folder, ours)
    rows = [_row(clips, one, spoken) for one in (*ours, *theirs)]
    made = provenance({"recognition": folder.name})
    if len(rows) > 1:
        return {"runs": rows, "provenance": made}
    return {**{key: value for key, value in rows[0].items() if key != "clock" or cpu_time}, "provenance": made}


def _stream(clips: Sequence[Clip], minutes: float, setting: Setting, *, cpu_time: bool) -> dict[str, Any]:
    """What is written as JSON of one stream."""
    folder = ModelStore(models_dir()).whisper()
    with tempfile.TemporaryDirectory(prefix="dragoman-asr-") as place:
        clip = endless_clip(clips, 60 * minutes, Path(place) / "stream.flac")
        soak = in_one_stream(clip, folder, setting, cpu_time=cpu_time)
    made = provenance({"recognition": folder.name})
    clock = "virtual, CPU time" if cpu_time else "virtual"
    return {**setting.name, "clock": clock, "clips": len(clips), **soak.figures(clip.seconds), "provenance": made}


def _row(clips: Sequence[Clip], measured: Measured, spoken: Sequence[Sequence[Word]]) -> dict[str, Any]:
    outcomes = [clip_outcome(*parts) for parts in zip(clips, measured.runs, spoken, strict=True)]
    return {
        **measured.name,
        "clock": measured.clock,
        **figures(outcomes),
        "memory_mb": measured.memory_mb,
        "clip_rows": clip_rows(outcomes),
    }


def _summary(row: dict[str, Any]) -> str:
    late, compute, memory = row["word_latency_ms"], row["compute_per_second"], row["memory_mb"]
    name = row.get("policy") or row["peer"]
    at = f"@{row['stride_s']}" if "stride_s" in row else ""
    return (
        f"{name}{at}: {row['clips']} clips, {row['seconds']} s: WER {row['wer']}, word latency "
        f"p50 {late['p50']} p95 {late['p95']} p99 {late['p99']} ms"
        + (f", {compute} s of compute per second" if compute is not None else ", in real time")
        + (f", {memory} MB" if memory is not None else "")
    )


def _stream_summary(row: dict[str, Any]) -> str:
    late = row["word_latency_ms"]
    return (
        f"{row['policy']}@{row['stride_s']}: {row['seconds']} s: {row['words']} words, latency p50 {late['p50']} p95 "
        f"{late['p95']} ms, {row['compute_per_second']} s of compute per second, memory {row['rss_mb']} MB, in ten "
        f"minutes {row['rss_slope_mb_per_10_min']} MB"
    )
