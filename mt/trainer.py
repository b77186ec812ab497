"""One training step: a batch of whole sentences or prefixes, what the teacher makes of it, the loss, the update.

The teacher is the full-sentence student; its distributions count as much as its translations (word-level distillation,
Kim and Rush 2016), on prefixes too: there it reads the whole sentence, and the model learns what will probably follow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from mt.data import Example
from mt.lessons import Lesson
from mt.model import NO_TOKEN, MarianStudent, padded
from mt.prefix_marks import Marks, mark_prefix
from mt.tokenizer import Tokenizer

FROZEN = "Wemb"
_ALMOST_ONE = 1 - 1e-5


@dataclass(frozen=True, slots=True)
class Settings:
    """None of them was searched for; where they come from is said in mt/weights/README.md."""

    steps: int
    peak_rate: float = 3e-4
    warm_up: float = 0.04
    """of the steps"""
    batch_tokens: int = 32_000
    """source and target tokens, padding included"""
    largest_gradient: float = 1.0
    averaged_over_steps: float = 200.0
    teacher_weight: float = 0.5
    """of the teacher's distribution beside its translation"""
    read_weight: float = 1.0
    guess_weight: float = 1.0
    """of words that are due by wait-k before they are safe"""
    seed: int = 1


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
        model.weights[FROZEN].requires_grad_(False)
        self.trained = [weight for name, weight in sorted(model.weights.items()) if name != FROZEN]
        self.mean = [weight.detach().clone() for weight in self.trained]
        self.optimizer = torch.optim.AdamW(self.trained, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        self.steps = 0

    def step(self, batch: Sequence[Example]) -> dict[str, float]:
        """One update; the losses per token by kind."""
        self.optimizer.param_groups[0]["lr"] = rate(self.settings, self.steps)
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
        marks = self._marks(batch, target, gold, present)
        known, guessed, read = marks
        wanted = known | guessed | read
        with self._half_precision():
            x = self.model(source, mask, target)[wanted]
            logits = self.model.logits(x, self.vocabulary)
        log_p = functional.log_softmax(logits.float(), dim=-1)
        log_next = log_p.gather(1, gold[wanted][:, None]).squeeze(1)
        taught = self._taught([example.meant for example in batch], target)[wanted]
        likely = functional.softmax(self._teacher_logits(taught), dim=-1)
        log_next = torch.lerp(log_next, (likely * log_p).sum(-1), self.settings.teacher_weight)
        log_end = log_p[:, self._place[end]]
        known, guessed, read = (part[wanted] for part in marks)
        losses = {
            "known": -log_next[known],
            "guess": torch.log1p(-log_end[guessed].exp().clamp(max=_ALMOST_ONE)) - log_next[guessed],
            "read": -log_end[read],
        }
        weights = {"known": 1.0, "guess": self.settings.guess_weight, "read": self.settings.read_weight}
        total = sum((weights[kind] * part.sum() for kind, part in losses.items()), torch.zeros((), device=self.device))
        figures = {kind: float(part.detach().mean()) for kind, part in losses.items() if len(part)}
        return total / max(1, int(wanted.sum())), {**figures, "tokens": float(wanted.sum())}

    def _marks(self, batch: Sequence[Example], target: Tensor, gold: Tensor, present: Tensor) -> list[Tensor]:
        """Which outputs (B, T) are known, guessed and READs."""
        if batch[0].whole:
            stands = torch.tensor([example.stands for example in batch], device=self.device)
            to_learn = present & (torch.arange(present.shape[1], device=self.device) >= stands[:, None])
            return [to_learn, torch.zeros_like(present), torch.zeros_like(present)]
        taught = self._taught([example.settled for example in batch], target)
        agrees = (self._teacher_logits(taught).argmax(-1) == gold).tolist()
        marks = Marks(*(np.zeros(present.shape, np.bool_) for _ in range(3)))
        for row, example in enumerate(batch):
            mark_prefix(example, agrees[row], self._word_starts(example.target), marks, row)
        return [torch.from_numpy(part).to(self.device) for part in (marks.known, marks.guessed, marks.read)]

    @torch.no_grad()
    def _taught(self, fluent: Sequence[Sequence[int]], target: Tensor) -> Tensor:
        """The teacher's decoder output (B, T, D) along the target, from sources without `</s>`."""
        source, mask = self._padded([[*row, self.tokenizer.end] for row in fluent])
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


def rate(settings: Settings, step: int) -> float:
    """The learning rate of a step, the first of them 0."""
    done = (step + 1) / settings.steps
    if done < settings.warm_up:
        return settings.peak_rate * done / settings.warm_up
    return settings.peak_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
