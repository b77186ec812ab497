"""`dragoman bench quality`: how good the translation of text is at each k of wait-k, and how late."""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.built_in_texts import sentence_pairs
from bench.json_output import open_output, write_json
from bench.metrics.average_lagging import average_lagging
from bench.metrics.filler_leak import filler_leak
from bench.metrics.quality import bleu, chrf
from bench.text_wait_k import TextRun, TextWaitK
from mt.stage import TARGET_WORDS_PER_SOURCE_WORD
from mt.translator import Translator
from mt.wait_k import WaitK
from server.models import ModelStore, models_dir
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.language import primary

_EXAMPLES = """examples:
  dragoman bench quality --from en --to pt
  dragoman bench quality --from en --to pt --src news.en --ref news.pt
  dragoman bench quality --from en --to pt --src news.en --ref news.pt --src chat.en --ref chat.pt --k 3,full --json -

The texts hold one sentence a line. ms_per_step is the translator's wall time for one model call, which takes a step of
mean_batch sentences. As long as no tuned weights are shipped, --weights shipped and student are the same files.
"""


@dataclass(frozen=True, slots=True)
class ParallelText:
    """Sentences and their references."""

    name: str
    """the source file's stem"""
    sources: tuple[str, ...]
    references: tuple[str, ...]


def parser() -> argparse.ArgumentParser:
    """The command's arguments."""
    command = argparse.ArgumentParser(
        prog="dragoman bench quality",
        description="Translate text at several k of wait-k, its words revealed one by one to the product's own policy "
        "and translator: BLEU, chrF, average lagging in source words and filler leaks, without speech.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    command.add_argument("--from", dest="source", required=True, metavar="LANG", help="language of the source: en")
    command.add_argument("--to", dest="target", required=True, metavar="LANG", help="language of the reference: pt")
    command.add_argument(
        "--src",
        type=Path,
        action="append",
        default=[],
        metavar="S.txt",
        help="UTF-8; once for each test set (default: the built-in corpus's texts)",
    )
    command.add_argument(
        "--ref", type=Path, action="append", default=[], metavar="R.txt", help="its translations, line by line"
    )
    command.add_argument(
        "--k",
        type=_ks,
        default=[1, 3, 5, None],
        metavar="K,...",
        help="source words read before the first is written, or full: the whole sentence (default: 1,3,5,full)",
    )
    command.add_argument(
        "--weights",
        choices=("shipped", "student"),
        default="shipped",
        help="what the server uses (default), or the un-tuned Marian student; the same until tuned weights are shipped",
    )
    command.add_argument("--limit", type=_count, metavar="N", help="the first N sentences of each set only")
    command.add_argument("--json", metavar="OUT.json", help="write the figures; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for texts that don't fit, UnsupportedLanguage for a pair that no model translates."""
    source, target = primary(args.source), primary(args.target)
    sets = read_sets(args.src, args.ref, args.limit) or [built_in_set(source, target, args.limit)]
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        folder, weights = find_weights(ModelStore(models_dir()), source, target, args.weights)
        ratio = TARGET_WORDS_PER_SOURCE_WORD.get((source, target), 1.0)
        bench = TextWaitK(Translator(folder), source, policy=WaitK(ratio))
        rows = []
        for texts, k in tqdm([(texts, k) for texts in sets for k in args.k], disable=not sys.stderr.isatty()):
            rows.append({**figures(texts, k, bench.run(texts.sources, k), target), "weights": weights})
        if out is not sys.stdout:
            print(_table(rows))
        if out is not None:
            write_json(rows, out)
    return 0


def read_sets(sources: Sequence[Path], references: Sequence[Path], limit: int | None) -> list[ParallelText]:
    """Raises BadInput where files or lines don't pair up, or one is empty."""
    if len(sources) != len(references):
        raise BadInput(f"each --src needs its --ref: there are {len(sources)} and {len(references)}")
    return [_read_set(source, reference, limit) for source, reference in zip(sources, references, strict=True)]


def built_in_set(source: str, target: str, limit: int | None) -> ParallelText:
    """Raises BadInput for languages that it doesn't have."""
    sources, references = zip(*sentence_pairs(source, target), strict=True)
    return ParallelText("built-in", sources[:limit], references[:limit])


def find_weights(store: ModelStore, source: str, target: str, asked: str) -> tuple[Path, str]:
    """The student's folder, and what it is in words. Raises UnsupportedLanguage, ModelMissing."""
    shipped = store.student(source, target)
    if shipped is None:
        raise UnsupportedLanguage(f"no model translates {source} into {target}")
    untuned = [
        model.name
        for model in store.models()
        if model.kind == "student" and not model.added and model.languages == (source, target)
    ]
    if asked == "student" and not untuned:
        raise UnsupportedLanguage(f"no student for {source} into {target} is shipped")
    folder = store.path(untuned[0]) if asked == "student" else shipped
    same = (
        " (shipped and student are the same files)" if untuned and folder == shipped == store.root / untuned[0] else ""
    )
    return folder, f"{asked}: {folder.name}{same}"


def figures(texts: ParallelText, k: int | None, run: TextRun, target: str) -> dict[str, Any]:
    """One row: average lagging is null where nothing was written; filler leak, where the fillers aren't known."""
    outputs = [sentence.text for sentence in run.sentences]
    lags = [
        average_lagging(sentence.delays, source_s=len(source.split()), target_words=len(reference.split()))
        for source, reference, sentence in zip(texts.sources, texts.references, run.sentences, strict=True)
        if sentence.delays
    ]
    return {
        "set": texts.name,
        "k": k or "full",
        "bleu": round(bleu(outputs, texts.references), 2),
        "chrf": round(chrf(outputs, texts.references), 2),
        "al_words": round(statistics.fmean(lags), 2) if lags else None,
        "filler_leak": _filler_leak(outputs, target),
        "ms_per_step": round(1000 * run.seconds / run.calls, 2),
        "mean_batch": round(run.requests / run.calls, 2),
        "sentences": len(outputs),
    }


def _filler_leak(outputs: Sequence[str], language: str) -> float | None:
    try:
        return round(filler_leak(outputs, language), 4)
    except KeyError:
        return None


def _read_set(source: Path, reference: Path, limit: int | None) -> ParallelText:
    sources, references = _lines(source), _lines(reference)
    if len(sources) != len(references):
        raise BadInput(f"{source.name} has {len(sources)} lines, {reference.name} has {len(references)}")
    if not sources:
        raise BadInput(f"{source} is empty")
    return ParallelText(source.stem, tuple(sources[:limit]), tuple(references[:limit]))


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path}: not UTF-8") from error
    lines = text.removesuffix("\n").split("\n") if text else []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            raise BadInput(f"{path.name}:{number}: an empty line")
    return lines


def _ks(text: str) -> list[int | None]:
    """argparse's type of --k."""
    return [None if part == "full" else _count(part) for part in text.split(",")]


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _table(rows: Sequence[dict[str, Any]]) -> str:
    columns = [name for name in rows[0] if name != "weights"]
    cells = [columns, *(["-" if row[name] is None else str(row[name]) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = ["  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells]
    return "\n".join([rows[0]["weights"], *lines])
