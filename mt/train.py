"""Tunes a full-sentence student into a multi-path wait-k model for disfluent speech: one command trains, or continues.

    python -m mt.train --lessons en-pt.lessons.tsv --student DIR --from en --to pt --out DIR --minutes 90

Learning rate by elapsed time, so that a run ends when it should on any machine: warm-up, then a half cosine to zero
(Loshchilov and Hutter 2017). What is kept is the running mean of the weights (Polyak and Juditsky 1992). Embeddings
stay as they are, and the softmax runs over the tokens of the lessons' targets: what they don't show is left alone.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from random import Random

import simplemma
import torch

from mt.batches import batches
from mt.checkpoint import restore, save
from mt.data import Curriculum, Mix
from mt.lessons import read_lessons
from mt.marian import read_student
from mt.model import MarianStudent
from mt.teacher import load_student
from mt.term_copies import TermCopies
from mt.trainer import Settings, Trainer, rate

TARGET_WORDS_PER_SOURCE_WORD = {("en", "pt"): 1.06, ("pt", "en"): 0.98}
"""of the students' own full translations of 60 news sentences"""
_LOG_EVERY_STEPS = 20
_SAVE_EVERY_S = 240.0


def train(trainer: Trainer, curriculum: Curriculum, out: Path, *, spent_s: float) -> None:
    """Until the time is over; writes log.jsonl, checkpoints and the model into `out`."""
    settings = trainer.settings
    started = time.monotonic() - spent_s
    saved_s = spent_s
    recent: list[dict[str, float]] = []
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        for batch in batches(curriculum, Random(settings.seed + trainer.steps), tokens=settings.batch_tokens):
            spent_s = time.monotonic() - started
            done = spent_s / (60 * settings.minutes)
            if done >= 1:
                break
            recent.append(trainer.step(batch, done))
            if len(recent) == _LOG_EVERY_STEPS:
                figures = {"step": trainer.steps, "minutes": round(spent_s / 60, 2), "rate": rate(settings, done)}
                log.write(json.dumps({**figures, **mean_figures(recent)}) + "\n")
                log.flush()
                recent = []
            if spent_s - saved_s > _SAVE_EVERY_S:
                save(trainer, out, spent_s)
                saved_s = spent_s
    save(trainer, out, spent_s)


def mean_figures(steps: Sequence[dict[str, float]]) -> dict[str, float]:
    """Losses in the mean of the steps that have them; tokens summed."""
    means = {
        kind: round(sum(values) / len(values), 4)
        for kind in ("known", "guess", "read")
        if (values := [step[kind] for step in steps if kind in step])
    }
    return {**means, "tokens": sum(step["tokens"] for step in steps)}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m mt.train", description="Tune a student for simultaneous use.")
    parser.add_argument("--lessons", type=Path, required=True, help="of mt.teacher")
    parser.add_argument("--student", type=Path, required=True, help="folder of the full-sentence student: the teacher")
    parser.add_argument("--start", type=Path, help="weights to start from, in Marian's format (default: the student's)")
    parser.add_argument("--from", dest="source", required=True)
    parser.add_argument("--to", dest="target", required=True)
    parser.add_argument("--out", type=Path, required=True, help="continued if it holds a checkpoint")
    parser.add_argument("--minutes", type=float, required=True, help="of the whole run, its earlier parts included")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--device", default="cpu", help="cpu (default), or cuda, which has not been tried")
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    settings = Settings(minutes=args.minutes)
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
        random=Random(settings.seed),
    )
    spent_s = restore(trainer, args.out) if (args.out / "checkpoint.pt").exists() else 0.0
    train(trainer, curriculum, args.out, spent_s=spent_s)


if __name__ == "__main__":
    main()
