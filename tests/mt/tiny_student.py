"""A Marian student small enough to write in a test: random weights in Marian's binary format."""

from __future__ import annotations

import struct

import numpy as np

DIM = 64
VOCABULARY = 40
SETTINGS = f"""dec-cell: ssru
dec-depth: 1
dim-emb: {DIM}
dim-vocabs:
  - {VOCABULARY}
enc-depth: 1
tied-embeddings-all: true
transformer-decoder-autoreg: rnn
transformer-dim-ffn: {DIM}
transformer-ffn-activation: relu
transformer-heads: 2
transformer-postprocess: dan
transformer-preprocess: ""
type: transformer
"""
FLOAT32 = 0x404
INT8 = 0x4101
TEXT = 0x101


def tiny_weights(seed: int = 0) -> dict[str, np.ndarray]:
    """One encoder and one decoder layer; matrices int8 in the file, norms and biases float32."""
    random = np.random.default_rng(seed)
    weights = {"Wemb": random.normal(0, 0.1, (VOCABULARY, DIM)), "decoder_ff_logit_out_b": np.zeros((1, VOCABULARY))}
    for attention in ("encoder_l1_self", "decoder_l1_context"):
        weights |= {f"{attention}_W{which}": random.normal(0, 0.1, (DIM, DIM)) for which in "qkvo"}
        weights |= {f"{attention}_b{which}": random.normal(0, 0.1, (1, DIM)) for which in "qkvo"}
        weights |= _norm(f"{attention}_Wo")
    for ffn in ("encoder_l1_ffn", "decoder_l1_ffn"):
        weights |= {f"{ffn}_W{which}": random.normal(0, 0.1, (DIM, DIM)) for which in "12"}
        weights |= {f"{ffn}_b{which}": random.normal(0, 0.1, (1, DIM)) for which in "12"}
        weights |= _norm(f"{ffn}_ffn")
    weights |= {f"decoder_l1_rnn_{name}": random.normal(0, 0.1, (DIM, DIM)) for name in ("W", "Wf")}
    weights |= {"decoder_l1_rnn_bf": random.normal(0, 0.1, (1, DIM))} | _norm("decoder_l1_rnn_ffn")
    return weights


def _norm(name: str) -> dict[str, np.ndarray]:
    return {f"{name}_ln_scale": np.ones((1, DIM)), f"{name}_ln_bias": np.zeros((1, DIM))}


def marian_bytes(weights: dict[str, np.ndarray], settings: str = SETTINGS) -> bytes:
    """The file: matrices in int8 with their multiplier, transposed but for Wemb; the rest in float32; the settings."""
    items = [_item(name, np.asarray(array, np.float32)) for name, array in weights.items()]
    items.append(("encoder_l1_self_Wq_QuantMultA", FLOAT32, (1, 1), np.float32(20).tobytes()))
    items.append(("special:model.yml", TEXT, (len(settings) + 1,), settings.encode() + b"\0"))
    names = b"".join(name.encode() + b"\0" for name, *_ in items)
    shapes = b"".join(struct.pack(f"<{len(shape)}i", *shape) for _, _, shape, _ in items)
    headers = b"".join(
        struct.pack("<4Q", len(name) + 1, kind, len(shape), len(data)) for name, kind, shape, data in items
    )
    data = b"".join(data for *_, data in items)
    return struct.pack("<2Q", 1, len(items)) + headers + names + shapes + struct.pack("<Q", 5) + bytes(5) + data


def _item(name: str, array: np.ndarray) -> tuple[str, int, tuple[int, ...], bytes]:
    if min(array.shape) == 1:
        return name, FLOAT32, array.shape, array.tobytes()
    multiplier = np.float32(127 / np.abs(array).max())
    values = np.rint(array * multiplier).astype(np.int8)
    stored = values if name == "Wemb" else values.T
    return name, INT8, array.shape, stored.tobytes() + multiplier.tobytes() + bytes(60)
