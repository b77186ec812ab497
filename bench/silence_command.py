"""`dragoman bench silence`: what is recognised where nobody speaks, which should be nothing, and what that costs."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tqdm import tqdm

from asr.confirmed_align_att import ConfirmedAlignAtt
from asr.recognition import RecognizeRequest
from asr.segmenter import Segmenter, UtteranceAudio
from asr.vad import VoiceActivityDetector, load_silero
from asr.whisper import Whisper
from bench.json_output import open_output, write_json
from bench.non_speech import KINDS, stream
from bench.provenance import provenance
from bench.recognition_run import StreamingRecognizer
from server.models import ModelStore, models_dir
from streaming.audio import ASR_RATE_HZ
from streaming.errors import BadInput
from streaming.items import AudioChunk, Samples
from streaming.language import primary

_CHUNK = ASR_RATE_HZ // 10
_EXAMPLES = """examples:
  dragoman bench silence --lang en,pt
  dragoman bench silence --lang en --minutes 60 --seed 7 --json - | jq .total

Each kind of sound is a stream of its own, all of the same length. words: committed, though nobody spoke; tentative:
shown for a while; dropped: taken out by the guard, each time that they were heard; heard_s: what voice activity
detection let through.
"""


@dataclass(slots=True)
class SilenceOutcome:
    """What came of a stretch of non-speech."""

    seconds: float = 0.0
    words: list[str] = field(default_factory=list)
    tentative: list[str] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    heard_s: float = 0.0
    """inside utterances, padding and hangover included"""
    compute_s: float = 0.0
    """of voice activity detection and of recognition"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench silence",
        description="Recognise synthesised sounds without any speech, streaming in virtual time: every word is wrong.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--lang", default="en", metavar="LANG,…", help="languages to listen for (default: en)")
    command.add_argument(
        "--minutes", type=float, default=10.0, metavar="N", help="of sound in each language, all kinds together"
    )
    command.add_argument(
        "--seed", type=int, default=1, metavar="N", help="another seed makes other sounds (default: 1)"
    )
    command.add_argument("--json", metavar="OUT.json", help="write the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for a length that is none, ModelMissing without the models."""
    if not args.minutes > 0 or args.seed < 0:
        raise BadInput("--minutes: more than none; --seed: none below zero")
    languages = [primary(language) for language in args.lang.split(",")]
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        result = _measured(languages, 60 * args.minutes / len(KINDS), args.seed)
        if out is not sys.stdout:
            print(_table(result))
        if out is not None:
            write_json(result, out)
    return 0


def added(outcomes: Sequence[SilenceOutcome]) -> SilenceOutcome:
    """All of them as one."""
    total = SilenceOutcome()
    for one in outcomes:
        total.seconds += one.seconds
        total.words += one.words
        total.tentative += one.tentative
        total.dropped += one.dropped
        total.heard_s += one.heard_s
        total.compute_s += one.compute_s
    return total


def figures(outcome: SilenceOutcome) -> dict[str, Any]:
    """As they are written: counts, texts, seconds. Raises ZeroDivisionError for an outcome of no length."""
    return {
        "seconds": round(outcome.seconds, 1),
        "words": len(outcome.words),
        "text": " ".join(outcome.words),
        "tentative": len(outcome.tentative),
        "tentative_text": " ".join(outcome.tentative),
        "dropped": dict(outcome.dropped),
        "heard_s": round(outcome.heard_s, 1),
        "compute_per_second": round(outcome.compute_s / outcome.seconds, 4),
    }


def _measured(languages: Sequence[str], seconds: float, seed: int) -> dict[str, Any]:
    """What is written as JSON; `seconds` of each kind."""
    folder = ModelStore(models_dir()).whisper()
    whisper, silero = Whisper(folder), load_silero()
    rows = []
    outcomes = []
    for language in languages:
        # What the runtime sets up at its first call isn't the first sound's.
        whisper.run([RecognizeRequest(np.zeros(ASR_RATE_HZ, np.float32), language, (), 1)])
        recognizer = StreamingRecognizer(
            whisper, whisper.tokens, lambda: VoiceActivityDetector(silero), language, ConfirmedAlignAtt
        )
        for kind in tqdm(KINDS, unit="kind", desc=language, disable=not sys.stderr.isatty()):
            outcome = _outcome(stream(kind, seconds, seed), recognizer, VoiceActivityDetector(silero))
            outcomes.append(outcome)
            rows.append({"language": language, "kind": kind, **figures(outcome)})
    return {
        "total": figures(added(outcomes)),
        "rows": rows,
        "seed": seed,
        "provenance": provenance({"recognition": folder.name}),
    }


def _outcome(samples: Samples, recognizer: StreamingRecognizer, vad: VoiceActivityDetector) -> SilenceOutcome:
    """The sound goes through the whole stage, then through the segmenter alone, which isn't timed inside the stage."""
    run = recognizer.run(samples)
    heard = 0
    segmenter = Segmenter(vad)
    started = time.perf_counter()
    for start in range(0, len(samples), _CHUNK):
        for event in segmenter.push(AudioChunk(samples[start : start + _CHUNK], start)):
            heard += len(event.samples) if isinstance(event, UtteranceAudio) else 0
    return SilenceOutcome(
        seconds=len(samples) / ASR_RATE_HZ,
        words=[one.word.text for one in run.words],
        tentative=run.tentative,
        dropped=run.dropped,
        heard_s=heard / ASR_RATE_HZ,
        compute_s=run.compute_s + time.perf_counter() - started,
    )


def _table(result: dict[str, Any]) -> str:
    total = {"language": "", "kind": "all", **result["total"]}
    lines = [
        f"{'':<3} {'kind':<13} {'s':>6} {'heard s':>8} {'words':>6} {'tentative':>10} {'dropped':>8} {'compute/s':>10}"
    ]
    for row in [*result["rows"], total]:
        dropped = sum(row["dropped"].values())
        lines.append(
            f"{row['language']:<3} {row['kind']:<13} {row['seconds']:>6} {row['heard_s']:>8} {row['words']:>6} "
            f"{row['tentative']:>10} {dropped:>8} {row['compute_per_second']:>10}  {row['text']}".rstrip()
        )
    return "\n".join(lines)
