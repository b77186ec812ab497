"""The student evaluated in plain numpy float32: what an exported graph must agree with.

Post-norm Transformer (Vaswani et al. 2017) whose decoder replaces self-attention by an SSRU (Kim et al. 2019, "From
Research to Production and Back: Ludicrously Fast Neural Machine Translation").
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from mt.marian import Float32, Student

Tokens = npt.NDArray[np.int64]

LAYER_NORM_EPSILON = 1e-6
"""Marian's"""
_LONGEST_WAVE = 10_000.0


def position_rates(dim: int) -> Float32:
    """Angular rates of the sinusoidal positions, (dim / 2,): a position is their sines, then their cosines."""
    waves = dim // 2
    return np.exp(np.arange(waves) * (-math.log(_LONGEST_WAVE) / (waves - 1))).astype(np.float32)


def encode(student: Student, source: Tokens) -> Float32:
    """The encoder's output (S, dim) for one sentence's tokens (S,), `</s>` included."""
    x = _embed(student, source)
    for layer in range(1, student.architecture.encoder_layers + 1):
        x = _attend(student, f"encoder_l{layer}_self", x, x)
        x = _feed_forward(student, f"encoder_l{layer}_ffn", x)
    return x


def decode(student: Student, memory: Float32, target: Tokens) -> Float32:
    """Logits (T, vocabulary) of the token after each prefix of the target (T,), whose first token is -1: none yet."""
    x = _embed(student, target)
    for layer in range(1, student.architecture.decoder_layers + 1):
        x = _recur(student, f"decoder_l{layer}_rnn", x)
        x = _attend(student, f"decoder_l{layer}_context", x, memory)
        x = _feed_forward(student, f"decoder_l{layer}_ffn", x)
    return x @ student.arrays["Wemb"].T + student.arrays["decoder_ff_logit_out_b"]


def _embed(student: Student, tokens: Tokens) -> Float32:
    """Embeddings, zero for -1, and positions: (n, dim)."""
    dim = student.architecture.dim
    rows = np.where(tokens[:, None] < 0, 0, student.arrays["Wemb"][tokens]) * math.sqrt(dim)
    angles = np.arange(len(tokens))[:, None] * position_rates(dim)
    return (rows + np.concatenate([np.sin(angles), np.cos(angles)], axis=1)).astype(np.float32)


def _linear(student: Student, x: Float32, weight: str, bias: str) -> Float32:
    return x @ student.arrays[weight] + student.arrays[bias]


def _norm(student: Student, name: str, x: Float32) -> Float32:
    centred = x - x.mean(axis=-1, keepdims=True)
    deviation = np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + LAYER_NORM_EPSILON)
    return centred / deviation * student.arrays[f"{name}_ln_scale"] + student.arrays[f"{name}_ln_bias"]


def _attend(student: Student, name: str, x: Float32, memory: Float32) -> Float32:
    heads, head_dim = student.architecture.heads, student.architecture.head_dim

    def project(which: str, of: Float32) -> Float32:
        projected = _linear(student, of, f"{name}_W{which}", f"{name}_b{which}")
        return projected.reshape(len(of), heads, head_dim).transpose(1, 0, 2)

    q, k, v = project("q", x), project("k", memory), project("v", memory)
    scores = q @ k.transpose(0, 2, 1) / math.sqrt(head_dim)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    joined = (weights @ v).transpose(1, 0, 2).reshape(x.shape)
    return _norm(student, f"{name}_Wo", x + _linear(student, joined, f"{name}_Wo", f"{name}_bo"))


def _feed_forward(student: Student, name: str, x: Float32) -> Float32:
    hidden = np.maximum(_linear(student, x, f"{name}_W1", f"{name}_b1"), 0)
    return _norm(student, f"{name}_ffn", x + _linear(student, hidden, f"{name}_W2", f"{name}_b2"))


def _recur(student: Student, name: str, x: Float32) -> Float32:
    """c_t = f_t c_{t-1} + (1 - f_t) W x_t with f_t = sigmoid(W_f x_t + b_f); the output is norm(x_t + ReLU(c_t))."""
    forget = 1 / (1 + np.exp(-_linear(student, x, f"{name}_Wf", f"{name}_bf")))
    fresh = (1 - forget) * (x @ student.arrays[f"{name}_W"])
    cells = np.empty_like(x)
    cell = np.zeros_like(x[0])
    for step in range(len(x)):
        cell = forget[step] * cell + fresh[step]
        cells[step] = cell
    return _norm(student, f"{name}_ffn", x + np.maximum(cells, 0))
