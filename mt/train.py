"""Tunes a full-sentence student into a multi-path wait-k model for disfluent speech: one command trains, or continues.

    python -m mt.train --lessons en-pt.lessons.tsv --student DIR --from en --to pt --out DIR --steps 2000 --device cuda

Learning rate: warm-up, then a half cosine to zero (Loshchilov and Hutter 2017). What is kept is the running mean of the
weights (Polyak and Juditsky 1992). Embeddings stay as they are, and the softmax runs over the tokens of the lessons'
targets: what they don't show is left alone.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path

import simplemma
import torch
from torch import Tensor
from torch.utils.data import DataLoader

from mt.batches import Batch, Drawn
from mt.checkpoint import restore, save
from mt.data import Curriculum, Mix
from mt.lessons import read_lessons
from mt.marian import read_student
from mt.model import MarianStudent
from mt.teacher import load_student
from mt.term_copies import TermCopies
from mt.trainer import KINDS, Settings, Trainer, rate
from streaming.errors import DragomanError

TARGET_WORDS_PER_SOURCE_WORD = {("en", "pt"): 1.06, ("pt", "en"): 0.98}
"""of the students' own full translations of 60 news sentences"""
_LOG_EVERY_STEPS = 20
_SAVE_EVERY_S = 120.0


def train(trainer: Trainer, drawn: Iterable[Batch], out: Path) -> None:
    """Until all steps are done; writes log.jsonl, checkpoints and the model into `out`.

    Raises DragomanError where the losses are no numbers any more; the checkpoint before that stays.
    """
    settings = trainer.settings
    started = saved = time.monotonic()
    recent: list[Tensor] = []
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        for batch in islice(drawn, settings.steps - trainer.steps):
            recent.append(trainer.step(batch))
            if len(recent) < _LOG_EVERY_STEPS and trainer.steps < settings.steps:
                continue
            minutes, losses = round((time.monotonic() - started) / 60, 2), mean_figures(recent)
            recent = []
            if not all(map(math.isfinite, losses.values())):
                raise DragomanError(f"the losses are no numbers after step {trainer.steps}: {losses}")
            figures = {"step": trainer.steps, "minutes": minutes, "rate": rate(settings, trainer.steps - 1)}
            log.write(json.dumps({**figures, **losses}) + "\n")
            log.flush()
            if time.monotonic() - saved > _SAVE_EVERY_S:
                save(trainer, out)
                saved = time.monotonic()
    save(trainer, out)


def mean_figures(steps: Sequence[Tensor]) -> dict[str, float]:
    """Losses a token by kind, and how many tokens were learnt, of the steps' (2, 3) figures."""
    sums, counts = torch.stack([*steps]).sum(0).tolist()
    means = {kind: round(total / count, 4) for kind, total, count in zip(KINDS, sums, counts, strict=True) if count}
    return {**means, "tokens": sum(counts)}


def main() -> None:
    defaults = Settings(steps=0)
    parser = argparse.ArgumentParser(prog="python -m mt.train", description="Tune a student for simultaneous use.")
    parser.add_argument("--lessons", type=Path, required=True, help="of mt.teacher")
    parser.add_argument("--student", type=Path, required=True, help="folder of the full-sentence student: the teacher")
    parser.add_argument("--start", type=Path, help="weights to start from, in Marian's format (default: the student's)")
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--to", dest="target", required=True)
    parser.add_argument("--out", type=Path, required=True, help="continued if it holds a checkpoint")
    parser.add_argument("--steps", type=int, required=True, help="of the whole run, its earlier parts included")
    parser.add_argument("--batch-tokens", type=int, default=defaults.batch_tokens, help="default: %(default)s")
    parser.add_argument("--peak-rate", type=float, default=defaults.peak_rate, help="default: %(default)s")
    parser.add_argument("--workers", type=int, default=1, help="processes that draw the examples; default: %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default: %(default)s")
    parser.add_argument("--device", default="cpu", help="cpu (default) or cuda")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    settings = Settings(args.steps, args.peak_rate, batch_tokens=args.batch_tokens)
    lessons = read_lessons(args.lessons)
    (model, tokenizer), (teacher, _) = load_student(args.student), load_student(args.student)
    if args.start:
        model = MarianStudent(read_student(args.start))
    torch.manual_seed(settings.seed)
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "settings.json").write_text(json.dumps(asdict(settings) | asdict(Mix()), indent=1) + "\n")
    trainer = Trainer(model.to(args.device), teacher.to(args.device), tokenizer, lessons, settings)
    curriculum = Curriculum(
        lessons,
        tokenizer,
        args.source,
        ratio=TARGET_WORDS_PER_SOURCE_WORD[args.source, args.target],
        terms=TermCopies(lessons, args.source, lambda word: simplemma.lemmatize(word, lang=args.target)),
        mix=Mix(),
    )
    if (args.out / "checkpoint.pt").exists():
        restore(trainer, args.out)
    drawn = Drawn(curriculum, end=tokenizer.end, seed=settings.seed + trainer.steps, tokens=settings.batch_tokens)
    # Forked, so that the workers share the curriculum; they never touch the device.
    train(
        trainer, DataLoader(drawn, batch_size=None, num_workers=args.workers, multiprocessing_context="fork"), args.out
    )


if __name__ == "__main__":
    main()
