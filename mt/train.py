"""Tunes a full-sentence student into a multi-path wait-k model for disfluent speech: one command trains, or continues.

    python -m mt.train --lessons en-pt.lessons.tsv --student DIR --from en --to pt --out DIR --minutes 90

Learning rate by elapsed time, so that a run ends when it should on any machine: warm-up, then a half cosine to zero
(Loshchilov and Hutter 2017). What is kept is the running mean of the weights (Polyak and Juditsky 1992). Embeddings
stay as they are, and the softmax runs over the tokens of the lessons' targets: what they don't show is left alone.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import simplemma
import torch
from torch import Tensor
from torch.nn import functional

from mt.data import Curriculum, Example, Mix
from mt.lessons import Lesson, read_lessons
from mt.marian import read_student, write_student
from mt.model import NO_TOKEN, MarianStudent, padded
from mt.teacher import load_student
from mt.term_copies import TermCopies
from mt.tokenizer import Tokenizer

TARGET_WORDS_PER_SOURCE_WORD = {("en", "pt"): 1.06, ("pt", "en"): 0.98}
"""of the students' own full translations of 60 news sentences"""
_FROZEN = "Wemb"
_POOL = 1500
"""examples drawn at a time and sorted by size, so that a batch holds like lengths"""
_LOG_EVERY_STEPS = 20
_SAVE_EVERY_S = 240.0
_ALMOST_ONE = 1 - 1e-5


@dataclass(frozen=True, slots=True)
class Settings:
    """None of them was searched for; where they come from is said in mt/weights/README.md."""

    minutes: float
    peak_rate: float = 1.2e-4
    warm_up: float = 0.02
    """of the time"""
    batch_tokens: int = 3200
    """source and target tokens, padding included"""
    largest_gradient: float = 1.0
    averaged_over_steps: float = 400.0
    teacher_weight: float = 0.5
    """of the teacher's distribution beside its translation, in whole sentences (word-level distillation)"""
    read_weight: float = 1.0
    guess_weight: float = 0.5
    """of words that are due by wait-k before they are safe"""
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Marks:
    """Which outputs of a batch (B, T) teach what."""

    known: Tensor
    """the next token is certain"""
    guessed: Tensor
    """the next token is due and not certain: learnt among the tokens that aren't `</s>`"""
    read: Tensor
    """`</s>`: nothing is safe yet"""


class Trainer:
    """One model, its teacher and what they work on."""

    def __init__(
        self,
        model: MarianStudent,
        teacher: MarianStudent,
        tokenizer: Tokenizer,
        lessons: Sequence[Lesson],
        settings: Settings,
    ) -> None:
        self.model, self.teacher, self.tokenizer, self.settings = (
            model,
            teacher.requires_grad_(False),
            tokenizer,
            settings,
        )
        self.device = next(model.parameters()).device
        seen = {tokenizer.end, *(token for lesson in lessons for token in tokenizer.encode(lesson.target))}
        self.vocabulary = torch.tensor(sorted(seen), device=self.device)
        self._place = torch.full((model.architecture.vocabulary,), 0, device=self.device)
        self._place[self.vocabulary] = torch.arange(len(self.vocabulary), device=self.device)
        model.weights[_FROZEN].requires_grad_(False)
        self.trained = [weight for name, weight in sorted(model.weights.items()) if name != _FROZEN]
        self.mean = [weight.detach().clone() for weight in self.trained]
        self.optimizer = torch.optim.AdamW(self.trained, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        self.steps = 0

    def step(self, batch: Sequence[Example], done: float) -> dict[str, float]:
        """One update at `done` (0 to 1) of the run; the losses per token by kind."""
        self.optimizer.param_groups[0]["lr"] = rate(self.settings, done)
        self.optimizer.zero_grad(set_to_none=True)
        loss, figures = self.loss(batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.trained, self.settings.largest_gradient)
        self.optimizer.step()
        self.steps += 1
        share = 1 / min(self.steps, self.settings.averaged_over_steps)
        with torch.no_grad():
            torch._foreach_lerp_(self.mean, [weight.detach() for weight in self.trained], share)
        return figures

    def loss(self, batch: Sequence[Example]) -> tuple[Tensor, dict[str, float]]:
        end = self.tokenizer.end
        source, mask = self._padded([[*example.source, end] for example in batch])
        target, present = self._padded([[NO_TOKEN, *example.target] for example in batch])
        gold, _ = self._padded([[*example.target, end] for example in batch])
        gold = self._place[gold]
        taught = self._taught(batch, target)
        marks = self._marks(batch, taught, gold, present)
        wanted = marks.known | marks.guessed | marks.read
        with self._half_precision():
            x = self.model(source, mask, target)[wanted]
            logits = self.model.logits(x, self.vocabulary)
        log_p = functional.log_softmax(logits.float(), dim=-1)
        log_next = log_p.gather(1, gold[wanted][:, None]).squeeze(1)
        if batch[0].whole:
            likely = functional.softmax(self._teacher_logits(taught[wanted]), dim=-1)
            log_next = torch.lerp(log_next, (likely * log_p).sum(-1), self.settings.teacher_weight)
        log_end = log_p[:, self._place[end]]
        known, guessed, read = (part[wanted] for part in (marks.known, marks.guessed, marks.read))
        losses = {
            "known": -log_next[known],
            "guess": torch.log1p(-log_end[guessed].exp().clamp(max=_ALMOST_ONE)) - log_next[guessed],
            "read": -log_end[read],
        }
        weights = {"known": 1.0, "guess": self.settings.guess_weight, "read": self.settings.read_weight}
        total = sum((weights[kind] * part.sum() for kind, part in losses.items()), torch.zeros((), device=self.device))
        figures = {kind: float(part.detach().mean()) for kind, part in losses.items() if len(part)}
        return total / max(1, int(wanted.sum())), {**figures, "tokens": float(wanted.sum())}

    def _marks(self, batch: Sequence[Example], taught: Tensor, gold: Tensor, present: Tensor) -> Marks:
        if batch[0].whole:
            stands = torch.tensor([example.stands for example in batch], device=self.device)
            to_learn = present & (torch.arange(present.shape[1], device=self.device) >= stands[:, None])
            return Marks(known=to_learn, guessed=torch.zeros_like(present), read=torch.zeros_like(present))
        agrees = self._teacher_logits(taught).argmax(-1) == gold
        marks = Marks(*(torch.zeros_like(present) for _ in range(3)))
        for row, example in enumerate(batch):
            mark_prefix(example, agrees[row].tolist(), self._word_starts(example.target), marks, row)
        return marks

    @torch.no_grad()
    def _taught(self, batch: Sequence[Example], target: Tensor) -> Tensor:
        """The teacher's decoder output (B, T, D) along the target: it reads what was meant."""
        source, mask = self._padded([[*example.settled, self.tokenizer.end] for example in batch])
        with self._half_precision():
            return self.teacher(source, mask, target)

    @torch.no_grad()
    def _teacher_logits(self, taught: Tensor) -> Tensor:
        with self._half_precision():
            return self.teacher.logits(taught, self.vocabulary).float()

    def _padded(self, rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
        tokens, mask = padded(rows)
        return tokens.to(self.device), mask.to(self.device)

    def _half_precision(self) -> torch.autocast:
        """For the matrix products: half as fast again on a CPU with AVX-512 BF16; the losses stay in float32."""
        return torch.autocast(self.device.type, torch.bfloat16)

    def _word_starts(self, target: Sequence[int]) -> list[int]:
        """Where words begin, and where the last one ends."""
        starts = [at for at, token in enumerate(target) if at == 0 or self.tokenizer.starts_word[token]]
        return [*starts, len(target)] if target else [0]


def mark_prefix(example: Example, agrees: Sequence[bool], starts: Sequence[int], marks: Marks, row: int) -> None:
    """Marks a prefix's target word by word: safe words are known, the first that isn't is a READ.

    Past it only what is due by wait-k is learnt, as a guess or, where the teacher is sure again, as known.
    """
    all_safe = True
    for begin, end in pairwise(starts):
        if begin < example.stands:
            continue
        safe, due = all(agrees[begin:end]), begin < example.waited
        if not safe and (all_safe or due):
            marks.read[row, begin] = True
        all_safe = all_safe and safe
        if safe and (all_safe or due):
            marks.known[row, begin:end] = True
        elif due:
            marks.guessed[row, begin:end] = True
    if all_safe and example.complete:
        marks.read[row, len(example.target)] = True


def rate(settings: Settings, done: float) -> float:
    """The learning rate when `done` (0 to 1) of the time has passed."""
    if done < settings.warm_up:
        return settings.peak_rate * done / settings.warm_up
    return settings.peak_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))


def batches(curriculum: Curriculum, settings: Settings, random: Random) -> Iterator[list[Example]]:
    """Without end: whole sentences and prefixes apart, like sizes together, in random order."""
    while True:
        pool = [curriculum.draw() for _ in range(_POOL)]
        cut = []
        for whole in (True, False):
            batch: list[Example] = []
            for example in sorted((each for each in pool if each.whole is whole), key=lambda each: each.size):
                if batch and (len(batch) + 1) * example.size > settings.batch_tokens:
                    cut.append(batch)
                    batch = []
                batch.append(example)
            if batch:
                cut.append(batch)
        random.shuffle(cut)
        yield from cut


def save(trainer: Trainer, out: Path, spent_s: float) -> None:
    """checkpoint.pt to continue from, model.bin with the averaged weights in Marian's format."""
    state: dict[str, Any] = {
        "model": trainer.model.state_dict(),
        "mean": trainer.mean,
        "optimizer": trainer.optimizer.state_dict(),
        "steps": trainer.steps,
        "spent_s": spent_s,
    }
    torch.save(state, out / "checkpoint.new")
    (out / "checkpoint.new").replace(out / "checkpoint.pt")
    student = trainer.model.to_student()
    names = [name for name in sorted(trainer.model.weights) if name != _FROZEN]
    for name, mean in zip(names, trainer.mean, strict=True):
        student.arrays[name] = mean.cpu().numpy().copy()
    write_student(out / "model.bin", student)


def restore(trainer: Trainer, out: Path) -> float:
    """Takes up the run that `out` holds; the seconds that it has had."""
    state = torch.load(out / "checkpoint.pt", weights_only=True, map_location=trainer.device)
    trainer.model.load_state_dict(state["model"])
    trainer.mean = state["mean"]
    trainer.optimizer.load_state_dict(state["optimizer"])
    trainer.steps = state["steps"]
    return float(state["spent_s"])


def train(trainer: Trainer, curriculum: Curriculum, out: Path, *, spent_s: float) -> None:
    """Until the time is over; writes log.jsonl, checkpoints and the model into `out`."""
    settings = trainer.settings
    started = time.monotonic() - spent_s
    saved_s = spent_s
    recent: list[dict[str, float]] = []
    with (out / "log.jsonl").open("a", encoding="utf-8") as log:
        for batch in batches(curriculum, settings, Random(settings.seed + trainer.steps)):
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
