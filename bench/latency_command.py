"""`dragoman bench latency`: a corpus through the product, as its listeners would hear it."""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any, TextIO

from tqdm import tqdm

from bench.arguments import add_corpus, add_key, add_languages
from bench.built_in_corpus import default_manifest
from bench.corpus import Clip, Problem, read_manifest
from bench.events import BenchEvent, ClauseHeard, to_json
from bench.json_output import open_output, write_json
from bench.listening import Ear
from bench.metrics.resegmentation import Segment
from bench.offline import OfflineCascade, OfflineOutcome, offline_figures
from bench.provenance import provenance, with_digests
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
  dragoman bench latency --from en --to pt --json run.json
  dragoman bench latency --manifest clips.tsv --from en --to pt --server http://localhost:8080 --json live.json
  dragoman bench latency --manifest clips.tsv --from pt --to en --realtime --offline --json - | jq .summary

--json run.json also writes run.events.jsonl (a line for each committed word, clause, budget change and model call, as
they happen) and run.html, a report to look at. Without --manifest the built-in corpus is spoken, all of it synthetic.
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench latency",
        description="Speak every clip of a corpus to the product and measure how late and how good the translated "
        "speech is: in this process, by default in virtual time, or over a live server in real time.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,  # so that --key is always called that where the command is written down
    )
    add_corpus(command, "path, lang; optional transcript, reference, segments, type")
    add_languages(command)
    command.add_argument("--server", metavar="URL", help="a live server; default: in this process")
    command.add_argument(
        "--transport", choices=("websocket", "webrtc"), default="websocket", help="to the server; default: websocket"
    )
    add_key(command)
    command.add_argument("--realtime", action="store_true", help="in this process on the wall clock")
    command.add_argument("--bad", choices=("refuse", "skip"), default="refuse", help="what to do with bad lines")
    command.add_argument("--limit", type=int, metavar="N", help="the first N clips only")
    command.add_argument("--offline", action="store_true", help="also run whole clips through the same models")
    command.add_argument("--json", required=True, metavar="OUT.json", help="the result; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """1 when a clip failed. Raises BadInput for options that don't fit together, a corpus or place to write that can't
    be used, UnsupportedLanguage, ModelMissing.
    """
    _check(args)
    source, target = primary(args.source), primary(args.target)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        log = None if args.json == "-" else open_output(str(Path(args.json).with_suffix(".events.jsonl")), stack)
        # A manifest is read before the models are loaded: its mistakes are told at once.
        given = _corpus(args.manifest, source, args.bad) if args.manifest else None
        store = ModelStore(models_dir())
        models = load_models(store)
        clips, problems = given or _corpus(default_manifest(source, lambda: models.voices), source, args.bad)
        bench = LatencyBench(_system(args, models, source, target), models, Ear(store.whisper()), source, target)
        bench.run(clips[: args.limit], log, offline=args.offline)
        result = {
            "provenance": provenance(_models_in_words(store, models, source, target)),
            **bench.result(),
            "problems": [asdict(problem) for problem in problems],
        }
        if out is not None:
            write_json(result, out)
    if log is not None:
        write_report(Path(args.json).with_suffix(".html"), result, bench.events)
    _print_summary(result["summary"])
    return 1 if bench.failed else 0


class LatencyBench:
    """Runs the clips one after the other and judges each."""

    def __init__(self, system: System, models: Models, ear: Ear, source: str, target: str) -> None:
        """`models` give the references and the offline cascade. Raises UnsupportedLanguage for an unknown pair."""
        models.translator(source, target)
        self.events: dict[str, list[BenchEvent]] = {}
        """by clip; of those that didn't fail"""
        self.failed: list[dict[str, str]] = []
        self._system = system
        self._ear = ear
        self._offline = OfflineCascade(models, ear, source, target)
        self._target = target
        self._results: list[ClipResult] = []
        self._outcomes: list[OfflineOutcome] = []
        """of the same clips, where they were asked for"""

    def run(self, clips: list[Clip], log: TextIO | None, *, offline: bool) -> None:
        """A clip that fails is told of and left out. `log` gets every event as it happens."""
        with tqdm(clips, unit="clip", disable=not sys.stderr.isatty()) as bar:
            for clip in bar:
                try:
                    self._measure(clip, log, bar, offline=offline)
                except Exception as error:  # whatever it is, the other clips' hour must not be lost
                    reason = error.reason if isinstance(error, DragomanError) else f"{type(error).__name__}: {error}"
                    self.failed.append({"clip": clip.name, "reason": reason})
                    tqdm.write(f"{clip.name}: {reason}", file=sys.stderr)

    def result(self) -> dict[str, Any]:
        """What is written as JSON, but for where it comes from."""
        figures = summary(self._results, self._target)
        if self._outcomes:
            figures["offline"] = offline_figures(self._results, self._outcomes)
            live, offline = figures["asr_chrf"], figures["offline"]["asr_chrf"]
            figures["kept"] = round(live / offline, 4) if live is not None and offline else None
        return {
            "system": self._system.name,
            "summary": figures,
            "clips": [asdict(clip) for clip in self._results],
            "failed": self.failed,
        }

    def _measure(self, clip: Clip, log: TextIO | None, bar: tqdm, *, offline: bool) -> None:
        spans: list[float] = []

        def told(event: BenchEvent) -> None:
            if log is not None:
                log.write(to_json(clip.name, event) + "\n")
            if isinstance(event, ClauseHeard):
                spans.append(event.at_s - event.source_end_s)
                bar.set_postfix_str(
                    f"{len(spans)} clauses, span {spans[-1]:.1f} s, median {statistics.median(spans):.1f} s"
                )

        recording = self._system.run(clip, told)
        reference, reference_from = self._reference(clip)
        heard = self._ear.hear(recording.speech, self._target)
        measured = clip_result(
            recording,
            reference=reference,
            reference_from=reference_from,
            sentences=self._sentences(clip),
            heard_text=heard,
        )
        if offline:
            self._outcomes.append(self._offline.run(clip))
        self._results.append(measured)
        self.events[clip.name] = recording.events

    def _reference(self, clip: Clip) -> tuple[str, str]:
        """The text and where it comes from."""
        if clip.reference:
            return clip.reference, "manifest"
        if clip.transcript:
            return self._offline.translate(clip.transcript), "model"
        return "", ""

    def _sentences(self, clip: Clip) -> list[Segment]:
        """The reference of each of the clip's segments, translated by the model where the corpus has none."""
        return [
            Segment(part.reference or self._offline.translate(part.transcript), part.start_s, part.end_s - part.start_s)
            for part in clip.segments
        ]


def _check(args: argparse.Namespace) -> None:
    """What argparse can't: raises BadInput for options that don't fit together."""
    if args.server and args.realtime:
        raise BadInput("a live server is always in real time: leave out --realtime")
    if args.transport == "webrtc" and not args.server:
        raise BadInput("--transport webrtc is a way to a live server: name one with --server")
    if args.limit is not None and args.limit < 1:
        raise BadInput("--limit: at least one clip")
    if args.json != "-" and Path(args.json).suffix != ".json":
        raise BadInput("--json: a name that ends in .json (the log and the report lie beside it), or -")


def _system(args: argparse.Namespace, models: Models, source: str, target: str) -> System:
    if not args.server:
        return InProcess(models, source, target, realtime=args.realtime)
    key = args.key or os.environ.get("DRAGOMAN_API_KEY") or None
    if args.transport == "webrtc":
        return OverWebRtc(args.server, source, target, key=key)
    return OverWebSocket(args.server, source, target, key=key)


def _corpus(manifest: Path, language: str, bad: Any) -> tuple[list[Clip], list[Problem]]:
    clips, problems = read_manifest(manifest, language, bad=bad)
    for problem in problems:
        print(f"{manifest.name}:{problem.line}: skipped, {problem.reason}", file=sys.stderr)
    return clips, problems


def _models_in_words(store: ModelStore, models: Models, source: str, target: str) -> dict[str, str]:
    used = {
        "recognition": store.whisper().name,
        "translation": models.translator(source, target).name,
        "voice": models.voices.choose(target).model.name,
    }
    return with_digests(used, store)


def _print_summary(figures: dict[str, Any]) -> None:
    """The figures that are asked for first, for a person who watches."""
    span, start = figures["ear_voice_span_ms"], figures["start_offset_ms"]
    print(
        f"{figures['clips']} clips, {figures['seconds']} s: ear-voice span p50 {span['p50']} p95 {span['p95']} ms, "
        f"start offset p50 {start['p50']} ms, WER {figures['wer']}, chrF {figures['chrf']}, "
        f"ASR-chrF {figures['asr_chrf']}, {figures['compute_per_second']} s of compute per second",
        file=sys.stderr,
    )
