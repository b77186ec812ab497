"""The Marian student in PyTorch, to be trained: a post-norm Transformer with SSRU decoder and tied embeddings.

Transformer: Vaswani et al. 2017. SSRU: Kim et al. 2019, "From Research to Production and Back: Ludicrously Fast Neural
Machine Translation". Parameters carry Marian's names and shapes, so that a tuned model is written back as a Marian
file. Shapes: B sentences, S source tokens, T target tokens, D = dim, H heads of d = D / H.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from mt.marian import Architecture, Student
from mt.reference import LAYER_NORM_EPSILON, position_rates

NO_TOKEN = -1
"""stands before the first target token: a zero embedding"""
_MAX_LENGTH = 512


class MarianStudent(nn.Module):
    """`forward` gives the decoder's output; `logits` turns it into scores, for some tokens or all."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.architecture: Architecture = student.architecture
        self.weights = nn.ParameterDict(
            {name: nn.Parameter(torch.from_numpy(np.array(array))) for name, array in student.arrays.items()}
        )
        angles = np.arange(_MAX_LENGTH)[:, None] * position_rates(self.architecture.dim)
        waves = np.concatenate([np.sin(angles), np.cos(angles)], axis=1).astype(np.float32)
        self.positions: Tensor
        self.register_buffer("positions", torch.from_numpy(waves), persistent=False)  # (_MAX_LENGTH, D)

    def to_student(self) -> Student:
        """The weights as they are now, on the CPU."""
        arrays = {name: weight.detach().cpu().float().numpy().copy() for name, weight in self.weights.items()}
        return Student(self.architecture, arrays)

    def forward(self, source: Tensor, mask: Tensor, target: Tensor) -> Tensor:
        """Decoder output (B, T, D) after each token of `target` (B, T), its first token NO_TOKEN.

        `source` (B, S) ends in `</s>` and padding, `mask` (B, S) is True for tokens.
        """
        memory = self.encode(source, mask)
        return self.decode(memory, mask, target)[0]

    def encode(self, source: Tensor, mask: Tensor) -> Tensor:
        """(B, S) -> (B, S, D)"""
        x = self._embed(source, start=0)
        for layer in range(1, self.architecture.encoder_layers + 1):
            x = self._attend(f"encoder_l{layer}_self", x, x, mask)
            x = self._feed_forward(f"encoder_l{layer}_ffn", x)
        return x

    def decode(
        self, memory: Tensor, mask: Tensor, target: Tensor, cells: Sequence[Tensor] | None = None, start: int = 0
    ) -> tuple[Tensor, list[Tensor]]:
        """Output (B, T, D) and each layer's SSRU cell (B, D) after the last token.

        `cells` are those before the first of these tokens, which stands at position `start`.
        """
        x = self._embed(target, start)
        after = []
        for layer in range(1, self.architecture.decoder_layers + 1):
            before = None if cells is None else cells[layer - 1]
            x, cell = self._recur(f"decoder_l{layer}_rnn", x, before)
            after.append(cell)
            x = self._attend(f"decoder_l{layer}_context", x, memory, mask)
            x = self._feed_forward(f"decoder_l{layer}_ffn", x)
        return x, after

    def logits(self, x: Tensor, tokens: Tensor | None = None) -> Tensor:
        """(..., D) -> (..., V): scores of the given tokens (V,), or of the whole vocabulary."""
        table, bias = self.weights["Wemb"], self.weights["decoder_ff_logit_out_b"].view(-1)
        if tokens is not None:
            table, bias = table.index_select(0, tokens), bias.index_select(0, tokens)
        return functional.linear(x, table, bias)

    def _embed(self, tokens: Tensor, start: int) -> Tensor:
        rows = functional.embedding(tokens.clamp(min=0), self.weights["Wemb"]) * math.sqrt(self.architecture.dim)
        rows = rows * (tokens >= 0).unsqueeze(-1)
        return rows + self.positions[start : start + tokens.shape[1]]

    def _linear(self, x: Tensor, weight: str, bias: str | None = None) -> Tensor:
        y = x @ self.weights[weight]
        return y if bias is None else y + self.weights[bias].view(-1)

    def _norm(self, name: str, x: Tensor) -> Tensor:
        scale, bias = self.weights[f"{name}_ln_scale"].view(-1), self.weights[f"{name}_ln_bias"].view(-1)
        return functional.layer_norm(x, x.shape[-1:], scale, bias, LAYER_NORM_EPSILON)

    def _attend(self, name: str, x: Tensor, memory: Tensor, mask: Tensor) -> Tensor:
        heads, head_dim = self.architecture.heads, self.architecture.head_dim

        def project(which: str, of: Tensor) -> Tensor:
            projected = self._linear(of, f"{name}_W{which}", f"{name}_b{which}")  # (B, n, D)
            return projected.view(*of.shape[:2], heads, head_dim).transpose(1, 2)  # (B, H, n, d)

        mixed = functional.scaled_dot_product_attention(
            project("q", x), project("k", memory), project("v", memory), attn_mask=mask[:, None, None, :]
        )
        joined = mixed.transpose(1, 2).reshape(x.shape)
        return self._norm(f"{name}_Wo", x + self._linear(joined, f"{name}_Wo", f"{name}_bo"))

    def _feed_forward(self, name: str, x: Tensor) -> Tensor:
        hidden = functional.relu(self._linear(x, f"{name}_W1", f"{name}_b1"))
        return self._norm(f"{name}_ffn", x + self._linear(hidden, f"{name}_W2", f"{name}_b2"))

    def _recur(self, name: str, x: Tensor, before: Tensor | None) -> tuple[Tensor, Tensor]:
        """c_t = f_t c_{t-1} + (1 - f_t) W x_t with f_t = sigmoid(W_f x_t + b_f); output norm(x_t + ReLU(c_t))."""
        forget = torch.sigmoid(self._linear(x, f"{name}_Wf", f"{name}_bf")).float()
        fresh = (1 - forget) * self._linear(x, f"{name}_W")
        if before is not None:
            fresh = torch.cat([torch.addcmul(fresh[:, :1], forget[:, :1], before[:, None]), fresh[:, 1:]], 1)
        cells = _recurrence(forget, fresh)
        return self._norm(f"{name}_ffn", x + functional.relu(cells)), cells[:, -1]


def _recurrence(kept: Tensor, new: Tensor) -> Tensor:
    """c_t = kept_t c_{t-1} + new_t for all t of (B, T, D), in log2 T rounds (a parallel scan: Hillis and Steele 1986).

    A loop over t would leave a GPU waiting for the kernels' launches.
    """
    reach = 1
    while reach < new.shape[1]:
        reached = torch.addcmul(new[:, reach:], kept[:, reach:], new[:, :-reach])
        new = torch.cat([new[:, :reach], reached], 1)
        kept = torch.cat([kept[:, :reach], kept[:, reach:] * kept[:, :-reach]], 1)
        reach *= 2
    return new


def padded(rows: Sequence[Sequence[int]]) -> tuple[Tensor, Tensor]:
    """Token rows of unequal lengths as one tensor (B, n), and a mask (B, n), True for tokens."""
    lengths = torch.tensor([len(row) for row in rows])
    mask = torch.arange(int(lengths.max())) < lengths[:, None]
    tokens = torch.zeros(mask.shape, dtype=torch.long)
    tokens[mask] = torch.tensor([token for row in rows for token in row], dtype=torch.long)
    return tokens, mask


@torch.inference_mode()
def translate(
    model: MarianStudent, sources: Sequence[Sequence[int]], *, end: int, banned: Sequence[int] = (), longest: int = 120
) -> list[list[int]]:
    """Greedy translations of token rows, each without its `</s>`; the rows are best of like length.

    `banned` tokens are never written. A row that doesn't end is cut at `longest` tokens.
    """
    source, mask = padded([[*row, end] for row in sources])
    memory = model.encode(source, mask)
    cells: list[Tensor] | None = None
    last = torch.full((len(sources), 1), NO_TOKEN)
    rows = torch.arange(len(sources))  # those that are still growing
    out: list[list[int]] = [[] for _ in sources]
    for position in range(longest):
        x, cells = model.decode(memory, mask, last, cells, position)
        scores = model.logits(x[:, -1])
        scores[:, list(banned)] = -math.inf
        best = scores.argmax(-1)
        going = best != end
        for row, token in zip(rows[going].tolist(), best[going].tolist(), strict=True):
            out[row].append(token)
        if not going.any():
            break
        rows, memory, mask, last = rows[going], memory[going], mask[going], best[going, None]
        cells = [cell[going] for cell in cells]
    return out
