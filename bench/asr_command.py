"""`dragoman bench asr`: recognition alone, by commit policy and beside other systems: word errors, latency and cost."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from bench.arguments import add_corpus
from bench.asr_figures import clip_outcome, clip_rows, figures
from bench.asr_runs import OFFLINE, STREAMING, Measured, by_peer, by_policy, spoken_words
from bench.built_in_corpus import default_manifest
from bench.corpus import Clip, read_manifest
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
_EXAMPLES = """examples:
  dragoman bench asr --manifest clips.tsv --lang en
  dragoman bench asr --lang pt --speakers 3
  dragoman bench asr --manifest clips.tsv --lang pt --policy local_agreement --json - | jq .word_latency_ms
  dragoman bench asr --manifest clips.tsv --lang en --policy offline --limit 10 --json offline.json
  dragoman bench asr --manifest clips.tsv --lang en --policy confirmed_align_att,offline \\
      --peer whisper_live=ws://localhost:9090 --peer whisper_streaming=localhost:43007 --json - \\
      | jq '.runs[] | [.policy // .peer, .clock, .wer, .word_latency_ms.p50]'

A word's latency runs from its end in an offline alignment to the moment it was committed, compute included; offline,
that moment is the clip's end and the compute. The word error rate counts clips with a transcript only. memory_mb is the
peak of this process with the recogniser under test, before the alignment is made.

One policy alone is one JSON object. With several, or with a peer, it is {"runs": [...], "provenance": ...}: first the
policies, then the peers, each an object as before with "clock" ("virtual" or "real"); a peer's has "peer" and "address"
in place of "policy". The peak of memory never falls, so memory_mb is null but for the first policy; so are memory and
compute of a peer. Peers are other systems' servers that already run: see docs/bench.md.
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
        type=_policies,
        default=[_POLICIES[0]],
        metavar="POLICY,...",
        help=f"of {', '.join(_POLICIES)}; default: {_POLICIES[0]}, the product's",
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
    language = primary(args.lang)
    peers = [read_peer(text) for text in args.peer]
    manifest = args.manifest or default_manifest(language, _voices)
    clips, problems = read_manifest(manifest, language, bad=args.bad)
    for problem in problems:
        print(f"{manifest.name}:{problem.line}: skipped, {problem.reason}", file=sys.stderr)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        result = _result(clips[: args.limit], language, args.policy, peers, args.speakers)
        if out is not sys.stdout:
            for row in result.get("runs", [result]):
                print(_summary(row))
        if out is not None:
            write_json(result, out)
    return 0


def _policies(text: str) -> list[str]:
    names = list(dict.fromkeys(text.split(",")))
    if unknown := [name for name in names if name not in _POLICIES]:
        raise argparse.ArgumentTypeError(f"{', '.join(unknown)}: not of {', '.join(_POLICIES)}")
    return names


def _voices() -> Voices:
    return load_models(ModelStore(models_dir())).voices


def _result(
    clips: Sequence[Clip], language: str, policies: Sequence[str], peers: Sequence[Peer], speakers: int
) -> dict[str, Any]:
    """What is written as JSON."""
    folder = ModelStore(models_dir()).whisper()
    # First, so that a peer that can't be reached is known before the work is done.
    theirs = [by_peer(clips, language, peer) for peer in peers]
    ours = [
        by_policy(clips, language, folder, policy, speakers=speakers, first=policy == policies[0])
        for policy in policies
    ]
    spoken = spoken_words(clips, language, folder, ours)
    rows = [_row(clips, one, spoken) for one in (*ours, *theirs)]
    made = provenance({"recognition": folder.name})
    if len(rows) > 1:
        return {"runs": rows, "provenance": made}
    return {**{key: value for key, value in rows[0].items() if key != "clock"}, "provenance": made}


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
    return (
        f"{row.get('policy') or row['peer']}: {row['clips']} clips, {row['seconds']} s: WER {row['wer']}, word latency "
        f"p50 {late['p50']} p95 {late['p95']} p99 {late['p99']} ms"
        + (f", {compute} s of compute per second" if compute is not None else ", in real time")
        + (f", {memory} MB" if memory is not None else "")
    )
