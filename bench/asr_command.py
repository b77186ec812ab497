"""`dragoman bench asr`: recognition alone, by commit policy: word errors, how late words are, compute and memory."""

from __future__ import annotations

import argparse
import resource
import statistics
import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from asr.align_att import AlignAtt
from asr.commit_policy import CommitPolicy
from asr.local_agreement import LocalAgreement
from asr.recognition import RecognizeRequest
from asr.vad import VoiceActivityDetector, load_silero
from asr.whisper import Whisper
from bench.corpus import Clip, read_manifest
from bench.distribution import percentiles_ms
from bench.json_output import open_output, write_json
from bench.metrics.compute import compute_per_second
from bench.metrics.word_error_rate import WordErrors, word_errors
from bench.provenance import provenance
from bench.recognition_run import OfflineRecognizer, RecognitionRun, StreamingRecognizer
from bench.word_latency import word_latencies
from server.media_file import read_audio
from server.models import ModelStore, models_dir
from streaming.audio import ASR_RATE_HZ
from streaming.errors import BadInput
from streaming.items import Samples, Word
from streaming.language import primary

STREAMING: dict[str, Callable[[], CommitPolicy]] = {"align_att": AlignAtt, "local_agreement": LocalAgreement}
OFFLINE = "offline"
_THREADS = 2
_EXAMPLES = """examples:
  dragoman bench asr --manifest clips.tsv --lang en --policy align_att
  dragoman bench asr --manifest clips.tsv --lang pt --policy local_agreement --json - | jq .word_latency_ms
  dragoman bench asr --manifest clips.tsv --lang en --policy offline --limit 10 --json offline.json

A word's latency runs from its end in an offline alignment to the moment it was committed, compute included; offline,
that moment is the clip's end and the compute. The word error rate counts clips with a transcript only. memory_mb is the
peak of this process with the recogniser under test, before the alignment is made.
"""


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """What came of one clip."""

    clip: Clip
    run: RecognitionRun
    latencies_s: tuple[float, ...]
    errors: WordErrors | None
    """None without a transcript"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench asr",
        description="Recognise every clip of a corpus, streaming in virtual time at a live speaker's pace or offline.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--manifest",
        type=Path,
        required=True,
        metavar="M.tsv",
        help="tab-separated with a header: path, lang; optional transcript",
    )
    command.add_argument("--lang", required=True, metavar="LANG", help="language spoken, such as en")
    command.add_argument(
        "--policy", choices=(*STREAMING, OFFLINE), default="align_att", help="default: align_att, the product's"
    )
    command.add_argument("--bad", choices=("refuse", "skip"), default="refuse", help="what to do with bad lines")
    command.add_argument("--limit", type=int, metavar="N", help="the first N clips only")
    command.add_argument("--json", metavar="OUT.json", help="write the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for a corpus that can't be used, ModelMissing without the models."""
    if args.limit is not None and args.limit < 1:
        raise BadInput("--limit: at least one clip")
    language = primary(args.lang)
    clips, problems = read_manifest(args.manifest, language, bad=args.bad)
    for problem in problems:
        print(f"{args.manifest.name}:{problem.line}: skipped, {problem.reason}", file=sys.stderr)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        result = _measured(clips[: args.limit], language, args.policy)
        if out is not sys.stdout:
            print(_summary(result))
        if out is not None:
            write_json(result, out)
    return 0


def clip_outcome(clip: Clip, run: RecognitionRun, spoken: Sequence[Word]) -> ClipOutcome:
    """`spoken`: the words of the offline alignment."""
    errors = word_errors(clip.transcript, run.text) if clip.transcript else None
    return ClipOutcome(clip, run, tuple(word_latencies(run.words, spoken)), errors)


def figures(outcomes: Sequence[ClipOutcome]) -> dict[str, Any]:
    """Over all clips; `wer` is null where no clip has a transcript. Raises IndexError without clips."""
    seconds = sum(outcome.clip.seconds for outcome in outcomes)
    compute_s = sum(outcome.run.compute_s for outcome in outcomes)
    errors = sum((outcome.errors for outcome in outcomes if outcome.errors), WordErrors())
    return {
        "wer": round(errors.rate, 4) if errors.words else None,
        "word_latency_ms": latency_ms([late_s for outcome in outcomes for late_s in outcome.latencies_s]),
        "compute_per_second": round(compute_per_second({"recognition": compute_s}, seconds)["all"], 3),
        "clips": len(outcomes),
        "seconds": round(seconds, 2),
    }


def clip_rows(outcomes: Sequence[ClipOutcome]) -> list[dict[str, Any]]:
    """One a clip: the same figures and the text."""
    return [
        {
            "clip": outcome.clip.name,
            **figures([outcome]),
            "text": outcome.run.text,
            "transcript": outcome.clip.transcript,
        }
        for outcome in outcomes
    ]


def latency_ms(latencies_s: Sequence[float]) -> dict[str, float | None]:
    """Percentiles, number and mean in ms; null without words."""
    mean = round(1000 * statistics.fmean(latencies_s)) if latencies_s else None
    return {**percentiles_ms(latencies_s), "mean": mean}


def _measured(clips: Sequence[Clip], language: str, policy: str) -> dict[str, Any]:
    """What is written as JSON."""
    folder = ModelStore(models_dir()).whisper()
    offline = OfflineRecognizer(folder, language, threads=_THREADS) if policy == OFFLINE else None
    recognize = offline.run if offline else _streaming(folder, language, STREAMING[policy]).run
    runs = [recognize(_samples(clip)) for clip in _shown(clips, "recognising")]
    memory_mb = _peak_memory_mb()
    if offline:
        spoken = [[one.word for one in run.words] for run in runs]
    else:
        # Loaded only now: the alignment's memory isn't the recogniser's.
        aligner = OfflineRecognizer(folder, language, threads=_THREADS)
        spoken = [aligner.align(_samples(clip)) for clip in _shown(clips, "aligning")]
    outcomes = [clip_outcome(*parts) for parts in zip(clips, runs, spoken, strict=True)]
    return {
        "policy": policy,
        **figures(outcomes),
        "memory_mb": memory_mb,
        "clip_rows": clip_rows(outcomes),
        "provenance": provenance({"recognition": folder.name}),
    }


def _streaming(folder: Path, language: str, new_policy: Callable[[], CommitPolicy]) -> StreamingRecognizer:
    whisper = Whisper(folder, threads=_THREADS)
    # What the runtime sets up at its first call isn't the first clip's.
    whisper.run([RecognizeRequest(np.zeros(ASR_RATE_HZ, np.float32), language, (), 1)])
    silero = load_silero()
    return StreamingRecognizer(whisper, whisper.tokens, lambda: VoiceActivityDetector(silero), language, new_policy)


def _samples(clip: Clip) -> Samples:
    return np.concatenate(list(read_audio(clip.path)))


def _shown(clips: Sequence[Clip], doing: str) -> Sequence[Clip]:
    """With a progress bar for a person who watches."""
    bar: Sequence[Clip] = tqdm(clips, unit="clip", desc=doing, disable=not sys.stderr.isatty())
    return bar


def _peak_memory_mb() -> float:
    """Resident; the kernel counts in KiB, macOS in bytes (getrusage(2))."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / 2**20 if sys.platform == "darwin" else peak / 2**10)


def _summary(result: dict[str, Any]) -> str:
    late = result["word_latency_ms"]
    return (
        f"{result['policy']}: {result['clips']} clips, {result['seconds']} s: WER {result['wer']}, word latency p50 "
        f"{late['p50']} p95 {late['p95']} p99 {late['p99']} ms, {result['compute_per_second']} s of compute per "
        f"second, {result['memory_mb']} MB"
    )
