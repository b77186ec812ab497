"""`dragoman translate`: a recording in, its translation as speech and captions out."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from mt.terminology import Terminology
from server.captions import write_captions, writer_for
from server.glossary_source import load_glossaries
from server.glossary_store import GlossaryStore, store_path
from server.interpreter import Target
from server.load import load_models
from server.media_file import duration_s
from server.models import ModelStore, models_dir
from server.translate import FileTranslation, Report, mix_over_original
from streaming.budget import PRESETS
from streaming.clock import run_virtual
from streaming.errors import BadInput
from streaming.language import primary
from streaming.local_engine import VirtualCores, in_thread

_AUTO = "auto"
_EXAMPLES = """examples:
  dragoman translate talk.mp3 -o talk.pt.wav --from en --to pt
  dragoman translate talk.mp4 -o talk.pt.wav --from en --to pt --captions talk.vtt --mix
  dragoman translate reuniao.flac -o meeting.wav --from pt --to en --realtime --json > report.json
  dragoman translate meeting.wav -o meeting.en.wav --from auto --to en
  dragoman translate lecture.wav -o lecture.pt.wav --from en --to pt --budget faithful
  dragoman translate board.wav -o board.pt.wav --from en --to pt --glossary finance.tsv
"""


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman translate",
        description="Translate a recording: it streams through the same path as a live speaker, by default in virtual "
        "time (as fast as the machine computes, with the time it took on the clock), and the translated speech is "
        "placed where a listener would have heard it.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("input", type=Path, metavar="IN", help="any audio or video file that FFmpeg reads")
    command.add_argument(
        "-o", "--out", type=Path, required=True, metavar="OUT.wav", help="translated speech, 24 kHz mono"
    )
    command.add_argument(
        "--from", dest="source", required=True, metavar="LANG", help=f"language spoken, such as en; {_AUTO}: find out"
    )
    command.add_argument("--to", dest="target", required=True, metavar="LANG", help="language to hear, such as pt")
    command.add_argument("--voice", choices=("female", "male"), help="default: the cheapest natural one")
    command.add_argument(
        "--budget", choices=tuple(PRESETS), default="balanced", help="how late the voice may be (default: balanced)"
    )
    command.add_argument(
        "--glossary", metavar="FILE|NAME", help="terms: a TSV file, or a stored one (dragoman glossary)"
    )
    command.add_argument("--captions", type=Path, metavar="FILE", help="write .vtt, .srt or .jsonl captions")
    command.add_argument("--mix", action="store_true", help="lay the translation over the original, turned down")
    command.add_argument("--realtime", action="store_true", help="on the wall clock, as a live speaker")
    command.add_argument("--json", action="store_true", help="print a report of every clause and the totals")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises DragomanError for input that can't be translated."""
    if args.captions is not None:
        writer_for(args.captions.suffix)
    if args.out.suffix.lower() != ".wav":
        raise BadInput(f"the translated speech is written as WAV: name it {args.out.with_suffix('.wav')}")
    if not args.out.parent.is_dir():
        raise BadInput(f"{args.out.parent}: there is no such folder")
    length_s = duration_s(args.input)
    report = _translate(args, length_s, _terminology(args))
    if args.mix:
        mix_over_original(args.input, args.out)
    if args.captions is not None:
        write_captions(args.captions, report.cues())
    print(json.dumps(report.as_dict(), ensure_ascii=False, indent=1) if args.json else _summary(report, args.out))
    return 0


def _source(args: argparse.Namespace) -> str | None:
    return None if args.source == _AUTO else primary(args.source)


def _terminology(args: argparse.Namespace) -> list[Terminology]:
    if args.glossary is None:
        return []
    store = GlossaryStore(store_path())
    glossaries = load_glossaries(args.glossary, store, source=_source(args), target=primary(args.target))
    return [Terminology(glossary) for glossary in glossaries]


def _translate(args: argparse.Namespace, length_s: float | None, terminology: Sequence[Terminology]) -> Report:
    models = load_models(ModelStore(models_dir()))
    with tqdm(
        total=None if length_s is None else round(length_s, 1),
        unit="s",
        desc="translating",
        disable=not sys.stderr.isatty(),
        bar_format="{desc} {percentage:3.0f}%|{bar}| {n:.0f}/{total:.0f} s" if length_s else None,
    ) as bar:
        translation = FileTranslation(
            args.input,
            args.out,
            models=models,
            source=_source(args),
            target=Target(primary(args.target), gender=args.voice),
            execute=in_thread if args.realtime else VirtualCores(),
            progress=lambda seconds: bar.update(min(seconds, length_s or seconds) - bar.n),
            terminology=terminology,
            budget=PRESETS[args.budget],
        )
        return asyncio.run(translation.run()) if args.realtime else run_virtual(translation.run())


def _summary(report: Report, out: Path) -> str:
    spans = sorted(clause.ear_voice_span_s for clause in report.clauses if clause.ear_voice_span_s is not None)
    if not spans:
        return f"{out}: no speech was recognised in {report.audio_s:.1f} s of audio"
    skipped = len(report.clauses) - len(spans)
    return (
        f"{out}: {report.audio_s:.1f} s of audio, {len(report.clauses)} clauses"
        + (f" ({skipped} not spoken, to catch up)" if skipped else "")
        + f"; ear-voice span {spans[len(spans) // 2]:.1f} s (median), {spans[-1]:.1f} s (largest); "
        f"start offset {report.start_offset_s:.1f} s, end offset {report.end_offset_s:.1f} s; "
        f"{report.compute_per_audio_second:.2f} s of compute per second of audio"
    )
