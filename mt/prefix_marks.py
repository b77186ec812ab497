"""Which words of a prefix's target are safe, due or neither: what each output teaches."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True)
class Outputs:
    """What is known of a batch's outputs: B rows of T, each a target's tokens, `</s>`, padding."""

    present: Tensor  # (B, T): not padding
    begins: Tensor  # (B, T): a word begins; `</s>` is one
    stands: Tensor  # (B, 1): so many tokens stand already
    waited: Tensor  # (B, 1): so many tokens are due by wait-k
    complete: Tensor  # (B, 1): there is no more of the target

    @property
    def at(self) -> Tensor:
        """(B, T): the outputs' numbers"""
        return torch.arange(self.present.shape[1], device=self.present.device).expand(self.present.shape)


@dataclass(frozen=True, slots=True)
class Marks:
    """Which outputs (B, T) teach what."""

    known: Tensor
    """the next token is certain"""
    guessed: Tensor
    """the next token is due and not certain: learnt among the tokens that aren't `</s>`"""
    read: Tensor
    """`</s>`: nothing is safe yet"""


def mark_whole(outputs: Outputs) -> Marks:
    """Whole sentences: all is known but what stands already."""
    known = outputs.present & (outputs.at >= outputs.stands)
    nothing = torch.zeros_like(known)
    return Marks(known, nothing, nothing)


def mark_prefixes(outputs: Outputs, agrees: Tensor) -> Marks:
    """Words that are safe are known, the first that isn't is a READ; past it only what is due by wait-k is learnt.

    It is learnt as a guess or, where the teacher is sure again, as known. `agrees` (B, T): the teacher, given the
    prefix alone, would write the same token.
    """
    at, last = outputs.at, outputs.present.sum(1, keepdim=True) - 1
    begin = torch.where(outputs.begins, at, 0).cummax(1).values  # (B, T): where the output's word begins
    to_learn = outputs.present & (begin >= outputs.stands) & (at < last)
    unsure = (to_learn & ~agrees).long()
    safe = torch.zeros_like(unsure).scatter_add_(1, begin, unsure).gather(1, begin) == 0
    all_safe_before = (unsure.cumsum(1) - unsure).gather(1, begin) == 0
    due = begin < outputs.waited
    reached = to_learn & (all_safe_before | due)
    finished = (at == last) & outputs.complete & (unsure.sum(1, keepdim=True) == 0)
    return Marks(
        known=reached & safe,
        guessed=to_learn & ~safe & due,
        read=(reached & ~safe & (at == begin)) | finished,
    )
