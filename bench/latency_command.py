"""`dragoman bench latency`: a corpus through the product, as its listeners would hear it."""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from bench.built_in_corpus import built_in, corpus_dir
from bench.corpus import Clip, Problem, read_manifest
from bench.events import BenchEvent, ClauseHeard, to_json
from bench.listening import Ear
from bench.metrics.quality import chrf
from bench.metrics.word_error_rate import WordErrors, plain, word_errors
from bench.offline import OfflineCascade, OfflineOutcome
from bench.provenance import provenance
from bench.recording import System
from bench.report import write_report
from bench.summary import ClipResult, clip_result, summary
from bench.systems.in_process import InProcess
from bench.systems.over_webrtc import OverWebRtc
from bench.systems.over_websocket import OverWebSocket
from server.load import Models, load_models
from server.models import ModelStore, models_dir
from streaming.errors import BadInput, DragomanError
from streaming.language import primary

_EXAMPLES = """examples:
  dragoman bench latency --manifest clips.tsv --from en --to pt --json run.json
  dragoman bench latency --manifest clips.tsv --from en --to pt --server http://localhost:8080 --json live.json
  dragoman bench latency --manifest clips.tsv --from pt --to en --realtime --offline --json - | jq .summary

--json run.json also writes run.events.jsonl (a line for each committed word, clause, budget change and model call)
and run.html (the report, with plots).
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench latency",
        description="Speak every clip of a corpus to the product and measure how late and how good the translated "
        "speech is: in this process, by default in virtual time, or over a live server in real time.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument(
        "--manifest",
        type=Path,
        metavar="M.tsv",
        help="tab-separated with a header: path, lang; optional transcript, reference, type (default: a built-in "
        "corpus, spoken by the shipped voices)",
    )
    command.add_argument("--from", dest="source", required=True, metavar="LANG", help="language spoken, such as en")
    command.add_argument("--to", dest="target", required=True, metavar="LANG", help="language to hear, such as pt")
    command.add_argument("--server", metavar="URL", help="a live server; default: in this process")
    command.add_argument("--transport", choices=("websocket", "webrtc"), default="websocket", help="to the live server")
    command.add_argument("--key", help="the server's API key, where it asks for one")
    command.add_argument("--realtime", action="store_true", help="in this process on the wall clock")
    command.add_argument("--bad", choices=("refuse", "skip"), default="refuse", help="what to do with bad lines")
    command.add_argument("--limit", type=int, metavar="N", help="the first N clips only")
    command.add_argument("--offline", action="store_true", help="also run whole clips through the same models")
    command.add_argument("--json", required=True, metavar="OUT.json", help="the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """1 when a clip failed. Raises BadInput for a corpus or a place to write that can't be used."""
    source, target = primary(args.source), primary(args.target)
    if args.realtime and args.server:
        raise BadInput("a live server is always in real time: leave out --realtime")
    models = load_models(ModelStore(models_dir()))
    clips, problems = _corpus(args, source, models)
    with ExitStack() as stack:
        out, log = _outputs(args.json, stack)
        bench = LatencyBench(args, source, target, models, log)
        bench.run(clips[: args.limit])
        result = {**bench.result(), "problems": [asdict(problem) for problem in problems]}
        json.dump(result, out, ensure_ascii=False, indent=1)
        out.write("\n")
    if args.json != "-":
        write_report(Path(args.json).with_suffix(".html"), result, bench.events)
    _print_summary(result["summary"])
    return 1 if bench.failed else 0


def _corpus(args: argparse.Namespace, source: str, models: Models) -> tuple[list[Clip], list[Problem]]:
    manifest = args.manifest or built_in(source, models.voices, corpus_dir())
    clips, problems = read_manifest(manifest, source, bad=args.bad)
    for problem in problems:
        print(f"{manifest.name}:{problem.line}: skipped, {problem.reason}", file=sys.stderr)
    return clips, problems


def _system(args: argparse.Namespace, source: str, target: str, models: Models) -> System:
    if not args.server:
        return InProcess(models, source, target, realtime=args.realtime)
    if args.transport == "webrtc":
        return OverWebRtc(args.server, source, target)
    return OverWebSocket(args.server, source, target, key=args.key)


class LatencyBench:
    """Runs the clips one after the other and judges each."""

    def __init__(self, args: argparse.Namespace, source: str, target: str, models: Models, log: TextIO | None) -> None:
        ear = Ear(ModelStore(models_dir()).whisper())
        self.events: dict[str, list[BenchEvent]] = {}
        """by clip"""
        self.failed: list[dict[str, str]] = []
        self._target = target
        self._ear = ear
        self._offline = OfflineCascade(models, ear, source, target)
        self._with_offline = args.offline
        self._log = log
        self._outcomes: list[OfflineOutcome] = []
        self._results: list[ClipResult] = []
        self._system = _system(args, source, target, models)
        self._models = {
            "recognition": models.whisper.name,
            "translation": models.translator(source, target).name,
            "voice": models.voices.choose(target).model.name,
        }

    def run(self, clips: list[Clip]) -> None:
        """A clip that fails is told of and left out."""
        with tqdm(clips, unit="clip", disable=not sys.stderr.isatty()) as bar:
            for clip in bar:
                try:
                    self._measure(clip, bar)
                except DragomanError as error:
                    self.failed.append({"clip": clip.name, "reason": error.reason})
                    print(f"{clip.name}: {error.reason}", file=sys.stderr)

    def result(self) -> dict[str, Any]:
        """What is written as JSON."""
        figures = summary(self._results, self._target)
        if self._with_offline:
            figures["offline"] = self._offline_figures()
            live, offline = figures["asr_chrf"], figures["offline"]["asr_chrf"]
            figures["kept"] = round(live / offline, 4) if live and offline else None
        return {
            "provenance": provenance(self._models),
            "system": self._system.name,
            "summary": figures,
            "clips": [asdict(clip) for clip in self._results],
            "failed": self.failed,
        }

    def _measure(self, clip: Clip, bar: tqdm) -> None:
        spans: list[float] = []

        def told(event: BenchEvent) -> None:
            if self._log is not None:
                self._log.write(to_json(clip.name, event) + "\n")
            if isinstance(event, ClauseHeard):
                spans.append(event.at_s - event.source_end_s)
                bar.set_postfix_str(
                    f"{len(spans)} clauses, span {spans[-1]:.1f} s, median {statistics.median(spans):.1f} s"
                )

        recording = self._system.run(clip, told)
        self.events[clip.name] = recording.events
        reference, reference_from = self._reference(clip)
        heard = self._ear.hear(recording.speech, self._target)
        self._results.append(
            clip_result(recording, reference=reference, reference_from=reference_from, heard_text=heard)
        )
        if self._with_offline:
            self._outcomes.append(self._offline.run(clip))

    def _reference(self, clip: Clip) -> tuple[str, str]:
        if clip.reference:
            return clip.reference, "manifest"
        if clip.transcript:
            return self._offline.translate(clip.transcript), "model"
        return "", ""

    def _offline_figures(self) -> dict[str, float | None]:
        pairs = list(zip(self._results, self._outcomes, strict=True))
        spoken = [(clip, outcome) for clip, outcome in pairs if clip.transcript]
        judged = [(clip, outcome) for clip, outcome in pairs if clip.reference]
        errors = sum((word_errors(clip.transcript, outcome.source_text) for clip, outcome in spoken), WordErrors())
        references = [clip.reference for clip, _ in judged]
        texts = [outcome.target_text for _, outcome in judged]
        heard = [plain(outcome.heard_text) for _, outcome in judged]
        return {
            "wer": round(errors.rate, 4) if errors.words else None,
            "chrf": round(chrf(texts, references), 2) if judged else None,
            "asr_chrf": round(chrf(heard, [plain(text) for text in references]), 2) if judged else None,
        }


def _outputs(path: str, stack: ExitStack) -> tuple[TextIO, TextIO | None]:
    """The result and the log of events; opened first, so that no hour's work finds nowhere to go."""
    if path == "-":
        return sys.stdout, None
    out = Path(path)
    try:
        result = stack.enter_context(out.open("w", encoding="utf-8"))
        events = stack.enter_context(out.with_suffix(".events.jsonl").open("w", encoding="utf-8", buffering=1))
    except OSError as error:
        raise BadInput(f"{out} can't be written: {error.strerror}") from error
    return result, events


def _print_summary(figures: dict[str, Any]) -> None:
    """The figures that are asked for first, for a person who watches."""
    span, start = figures["ear_voice_span_ms"], figures["start_offset_ms"]
    print(
        f"{figures['clips']} clips, {figures['seconds']} s: ear-voice span p50 {span['p50']} p95 {span['p95']} ms, "
        f"start offset p50 {start['p50']} ms, WER {figures['wer']}, chrF {figures['chrf']}, "
        f"ASR-chrF {figures['asr_chrf']}, {figures['compute_per_second']} s of compute per second",
        file=sys.stderr,
    )
