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
from bench.disfluent_pairs import built_in_pairs, read_pairs
from bench.json_output import open_output, write_json
from bench.metrics.average_lagging import average_lagging
from bench.metrics.filler_leak import filler_leak
from bench.metrics.quality import bleu, chrf
from bench.provenance import provenance
from bench.quality_plot import write_plot
from bench.quality_suite import Direction, System, clean, corrected, curve, disfluent, meant, terms
from bench.text_wait_k import TextRun, TextWaitK
from mt.translator import Translator
from mt.wait_k import WaitK
from server.models import ModelStore, models_dir
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.language import primary

_EXAMPLES = """examples:
  dragoman bench quality --from en --to pt
  dragoman bench quality --from en --to pt --src news.en --ref news.pt
  dragoman bench quality --from en --to pt --src news.en --ref news.pt --src chat.en --ref chat.pt --k 3,full --json -
  dragoman bench quality --from en --to pt --suite --pairs spoken.tsv --src news.en --ref news.pt --json suite.json

The texts hold one sentence a line. ms_per_step is the translator's wall time for one model call, which takes a step of
mean_batch sentences. --suite shows the un-tuned student and the shipped model side by side: clean text (--src, --ref),
disfluent text (--pairs, lines of spoken and fluent text), self-corrections and a glossary's terms; what isn't named is
built in.
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
        help="what the server uses (default), or the un-tuned Marian student",
    )
    command.add_argument(
        "--suite", action="store_true", help="the un-tuned student and the shipped model side by side, on all there is"
    )
    command.add_argument(
        "--pairs", type=Path, metavar="P.tsv", help="with --suite: lines of spoken and fluent text (default: built in)"
    )
    command.add_argument("--limit", type=_count, metavar="N", help="N sentences of each set only")
    command.add_argument("--json", metavar="OUT.json", help="write the figures; - for standard output")
    return command


def run(args: argparse.Namespace) -> int:
    """Raises BadInput for texts that don't fit, UnsupportedLanguage for a pair that no model translates."""
    source, target = primary(args.source), primary(args.target)
    if args.suite:
        return _run_suite(args, source, target)
    sets = read_sets(args.src, args.ref, args.limit) or [built_in_set(source, target, args.limit)]
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        folder, weights = find_weights(ModelStore(models_dir()), source, target, args.weights)
        translator = Translator(folder)
        bench = TextWaitK(translator, source, policy=translator.policy, marks_end=translator.marks_end)
        rows = []
        for texts, k in tqdm([(texts, k) for texts in sets for k in args.k], disable=not sys.stderr.isatty()):
            rows.append({**figures(texts, k, bench.run(texts.sources, k), target), "weights": weights})
        if out is not sys.stdout:
            print(rows[0]["weights"], table(rows), sep="\n")
        if out is not None:
            write_json(rows, out)
    return 0


def _run_suite(args: argparse.Namespace, source: str, target: str) -> int:
    texts = (read_sets(args.src, args.ref, args.limit) or [built_in_set(source, target, args.limit)])[0]
    pairs = read_pairs(args.pairs, limit=args.limit) if args.pairs else built_in_pairs(source)[: args.limit]
    store = ModelStore(models_dir())
    student, shipped = (Translator(find_weights(store, source, target, name)[0]) for name in ("student", "shipped"))
    systems = [
        System("student", student, WaitK(shipped.policy.ratio)),
        System("tuned, plain wait-k", shipped, WaitK(shipped.policy.ratio), shipped.marks_end),
        System("tuned, adaptive", shipped, shipped.policy, shipped.marks_end),
    ]
    direction = Direction(source, target)
    with ExitStack() as stack:
        out = open_output(args.json, stack)
        found: dict[str, Any] = {
            "direction": f"{source}-{target}",
            "provenance": provenance({"student": student.name, "shipped": shipped.name}),
            "clean": clean(systems, direction, texts.sources, texts.references),
            "clean_curve": curve(systems, direction, texts.sources, texts.references),
            "disfluent": disfluent(systems, direction, pairs),
            "disfluent_curve": curve(systems, direction, *meant(student, direction, pairs)),
            "corrections": corrected(systems, direction),
            "terms": terms(systems, direction, texts.sources, texts.references),
        }
        if out is not sys.stdout:
            for name in ("clean", "disfluent", "corrections", "terms"):
                print(f"\n{name}\n{table(found[name])}" if found[name] else f"\n{name}: no set in these languages")
        if out is not None:
            write_json(found, out)
            if out is not sys.stdout:
                write_plot(Path(args.json).with_suffix(".png"), found)
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
    folder = store.path(untuned[-1]) if asked == "student" else shipped
    same = (
        " (shipped and student are the same files)" if untuned and folder == shipped == store.root / untuned[-1] else ""
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


def table(rows: Sequence[dict[str, Any]]) -> str:
    """The figures in columns; what isn't a figure or a name is left to the JSON."""
    names = dict.fromkeys(name for row in rows for name in row)
    columns = [name for name in names if name != "weights" and not isinstance(rows[0].get(name), dict)]
    cells = [columns, *(["-" if row.get(name) is None else str(row[name]) for name in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join("  ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) for line in cells)
