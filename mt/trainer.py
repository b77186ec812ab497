"""One training step: a batch of whole sentences or prefixes, what the teacher makes of it, the loss, the update.

The teacher is the full-sentence student; its distributions count as much as its translations (word-level distillation,
Kim and Rush 2016), on prefixes too: there it reads the whole sentence, and the model learns what will probably follow.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional
from torch.nn.attention import SDPBackend, sdpa_kernel

from mt.batches import PADDING, Batch
from mt.captured import Captured
from mt.lessons import Lesson
from mt.model import MarianStudent
from mt.prefix_marks import Outputs, mark_prefixes, mark_whole
from mt.tokenizer import Tokenizer

FROZEN = "Wemb"
KINDS = ("known", "guess", "read")
"""of outputs: see `mt.prefix_marks.Marks`"""
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
        self._end = sorted(seen).index(tokenizer.end)
        self._place = torch.full((model.architecture.vocabulary,), 0, device=self.device)
        self._place[self.vocabulary] = torch.arange(len(self.vocabulary), device=self.device)
        self._begins_word = torch.tensor(tokenizer.starts_word, device=self.device)  # a copy: `</s>` is none to others
        self._begins_word[tokenizer.end] = True
        model.weights[FROZEN].requires_grad_(False)
        self.trained = [weight for name, weight in sorted(model.weights.items()) if name != FROZEN]
        for weight in self.trained:
            weight.grad = torch.zeros_like(weight)
        self.mean = [weight.detach().clone() for weight in self.trained]
        self.optimizer = torch.optim.AdamW(self.trained, lr=0.0, betas=(0.9, 0.98), weight_decay=0.0, fused=True)
        self.steps = 0
        self._gradients = Captured(self.gradients) if self.device.type == "cuda" else self.gradients

    def step(self, batch: Batch) -> Tensor:
        """One update; the figures of `loss`."""
        self.optimizer.param_groups[0]["lr"] = rate(self.settings, self.steps)
        figures = self._gradients(batch)
        torch.nn.utils.clip_grad_norm_(self.trained, self.settings.largest_gradient)
        self.optimizer.step()
        self.steps += 1
        share = 1 / min(self.steps, self.settings.averaged_over_steps)
        with torch.no_grad():
            torch._foreach_lerp_(self.mean, [weight.detach() for weight in self.trained], share)
        return figures

    def gradients(self, batch: Batch) -> Tensor:
        """Into the weights' `grad`; the figures of `loss`."""
        self.optimizer.zero_grad(set_to_none=False)
        with self._attention():
            loss, figures = self.loss(batch)
            loss.backward()
        return figures

    def _attention(self) -> AbstractContextManager[None]:
        """On a GPU not the memory-efficient kernel, whose gradients with a mask can be NaN: pytorch's issue 178251.

        Rows are so short that the plain one needs little memory.
        """
        return sdpa_kernel(SDPBackend.MATH) if self.device.type == "cuda" else nullcontext()

    def loss(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """In the mean of what is learnt; and for KINDS the summed losses and the numbers of tokens, (2, 3)."""
        source, meant, settled, target = batch.tokens.long()
        gold = functional.pad(target[:, 1:], (0, 1), value=PADDING)
        gold = torch.where(gold == PADDING, self.tokenizer.end, gold)
        stands, waited, complete = batch.facts
        outputs = Outputs(target != PADDING, self._begins(gold), stands, waited, complete.bool())
        gold = self._place[gold]
        if batch.whole:
            marks = mark_whole(outputs)
        else:
            marks = mark_prefixes(outputs, self._teacher_logits(self._taught(settled, target)).argmax(-1) == gold)
        learnt = marks.known | marks.guessed | marks.read
        wanted = self._wanted(learnt)
        gold = gold.flatten()[wanted]
        with self._half_precision():
            x = self.model(source, source != PADDING, target)
            logits = self.model.logits(x.flatten(0, 1)[wanted], self.vocabulary)
        log_p = functional.log_softmax(logits.float(), dim=-1)
        log_next = log_p.gather(1, gold[:, None]).squeeze(1)
        taught = self._taught(meant, target).flatten(0, 1)[wanted]
        likely = functional.softmax(self._teacher_logits(taught).float(), dim=-1)
        log_next = torch.lerp(log_next, (likely * log_p).sum(-1), self.settings.teacher_weight)
        log_end = log_p[:, self._end]
        guess = torch.log1p(-log_end.exp().clamp(max=_ALMOST_ONE)) - log_next
        kinds = torch.stack([part.flatten()[wanted] for part in (marks.known, marks.guessed, marks.read)])
        sums = torch.where(kinds, torch.stack([-log_next, guess, -log_end]), 0.0).sum(1)
        counts = kinds.sum(1)
        weights = (1.0, self.settings.guess_weight, self.settings.read_weight)
        total = sum((weight * each for weight, each in zip(weights, sums, strict=True)), torch.zeros_like(sums[0]))
        return total / learnt.sum().clamp(min=1), torch.stack([sums.detach(), counts])

    def _begins(self, gold: Tensor) -> Tensor:
        """Where a word begins, (B, T)."""
        first = torch.arange(gold.shape[1], device=self.device) == 0
        return self._begins_word[gold] | first

    def _wanted(self, learnt: Tensor) -> Tensor | slice:
        """The outputs that the softmax is computed for: those that teach something.

        All of them on a GPU: their number would have to be asked for, and graphs have fixed shapes.
        """
        return slice(None) if self.device.type == "cuda" else learnt.flatten().nonzero().squeeze(1)

    @torch.no_grad()
    def _taught(self, source: Tensor, target: Tensor) -> Tensor:
        """The teacher's decoder output (B, T, D) along the target."""
        with self._half_precision():
            return self.teacher(source, source != PADDING, target)

    @torch.no_grad()
    def _teacher_logits(self, taught: Tensor) -> Tensor:
        with self._half_precision():
            return self.teacher.logits(taught, self.vocabulary)

    def _half_precision(self) -> torch.autocast:
        """For the matrix products: half as fast again on a CPU with AVX-512 BF16; the losses stay in float32."""
        return torch.autocast(self.device.type, torch.bfloat16)


def rate(settings: Settings, step: int) -> float:
    """The learning rate of a step, the first of them 0."""
    done = (step + 1) / settings.steps
    if done < settings.warm_up:
        return settings.peak_rate * done / settings.warm_up
    return settings.peak_rate * 0.5 * (1 + math.cos(math.pi * min(1.0, done)))
