"""Turns a student's weights into two ONNX graphs: an encoder and one step of the decoder.

Shapes (B sentences, S source tokens, L decoder layers, H heads of d, D = H d):

    encoder   source int64 (B, S), mask float32 (B, S): 1 a token, 0 padding
              -> keys (L, B, H, d, S), values (L, B, H, S, d): cross-attention's, computed once an encoding
    decoder   token int64 (B): -1 before the first, position int64 (B), state (L, B, D), keys, values, mask
              -> logits (B, vocabulary), next_state (L, B, D)

Only the output layer over 32,000 tokens computes in int8: a decoder step then takes about a third of its float32 time.
Of 200 sentences in both directions 191 come out as in float32; with all of the decoder in int8 it would be 183.
Transformer (Vaswani et al. 2017); SSRU decoder (Kim et al. 2019).
"""

from __future__ import annotations

import math
import os
import tempfile
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

from mt.graph import FLOAT, INT64, Graph
from mt.marian import Float32, Student, read_student
from mt.reference import decode, encode, position_rates
from mt.translator import DECODER_FILE, ENCODER_FILE
from streaming.errors import DragomanError

_MASKED = 1e9
_CHECK_LENGTHS = (3, 12)
_CHECK_STEPS = 4
_TOLERANCE = 0.1
"""error of the logits that int8 may cause, over their standard deviation; the published students stay under 0.02"""


def export_student(marian_file: Path, out_dir: Path) -> None:
    """Writes encoder.onnx and decoder.onnx (each appears whole or not at all) after checking them against the weights.

    Raises what `read_student` raises, DragomanError when the graphs don't compute what the weights say.
    """
    student = read_student(marian_file)
    encoder = encoder_graph(student).SerializeToString()
    decoder = decoder_graph(student).SerializeToString()
    error = relative_error(student, encoder, decoder)
    if not error < _TOLERANCE:
        raise DragomanError(f"{marian_file}: the exported graphs are {error:.3f} off, {_TOLERANCE} is allowed")
    out_dir.mkdir(parents=True, exist_ok=True)
    _write_atomically(out_dir / ENCODER_FILE, encoder)
    _write_atomically(out_dir / DECODER_FILE, decoder)


def encoder_graph(student: Student) -> onnx.ModelProto:
    arrays, shape = student.arrays, student.architecture
    graph = Graph("encoder")
    source = graph.input("source", INT64, ("batch", "length"))
    bias = _mask_bias(graph, graph.input("mask", FLOAT, ("batch", "length")))
    length = graph.op("Squeeze", graph.op("Shape", source, start=1, end=2), graph.dims(0))
    places = graph.op("Range", graph.index(0), length, graph.index(1))
    embedded = graph.embed(arrays["Wemb"], source, math.sqrt(shape.dim))
    x = graph.op("Add", embedded, _positions(graph, places, shape.dim))
    for layer in range(1, shape.encoder_layers + 1):
        x = _self_attention(graph, student, f"encoder_l{layer}_self", x, bias)
        hidden = graph.op("Relu", graph.linear(x, *_pair(student, f"encoder_l{layer}_ffn", "1")))
        out = graph.linear(hidden, *_pair(student, f"encoder_l{layer}_ffn", "2"))
        x = _add_norm(graph, student, f"encoder_l{layer}_ffn_ffn", x, out)
    _output_memory(graph, student, x)
    return graph.model()


def decoder_graph(student: Student) -> onnx.ModelProto:
    arrays, shape = student.arrays, student.architecture
    layers, heads, head_dim = shape.decoder_layers, shape.heads, shape.head_dim
    graph = Graph("decoder")
    token = graph.input("token", INT64, ("batch",))
    position = graph.input("position", INT64, ("batch",))
    state = graph.input("state", FLOAT, (layers, "batch", shape.dim))
    keys = graph.input("keys", FLOAT, (layers, "batch", heads, head_dim, "length"))
    values = graph.input("values", FLOAT, (layers, "batch", heads, "length", head_dim))
    bias = _mask_bias(graph, graph.input("mask", FLOAT, ("batch", "length")))
    x = graph.op("Add", _previous_token(graph, student, token), _positions(graph, position, shape.dim))
    cells = []
    for layer in range(layers):
        before, k, v = (graph.op("Gather", each, graph.index(layer), axis=0) for each in (state, keys, values))
        x, cell = _ssru(graph, student, f"decoder_l{layer + 1}_rnn", x, before)
        cells.append(graph.op("Unsqueeze", cell, graph.dims(0)))
        x = _cross_attention(graph, student, f"decoder_l{layer + 1}_context", x, k, v, bias)
        hidden = graph.op("Relu", graph.linear(x, *_pair(student, f"decoder_l{layer + 1}_ffn", "1")))
        out = graph.linear(hidden, *_pair(student, f"decoder_l{layer + 1}_ffn", "2"))
        x = _add_norm(graph, student, f"decoder_l{layer + 1}_ffn_ffn", x, out)
    logits = graph.linear_int8(x, [arrays["Wemb"].T], [arrays["decoder_ff_logit_out_b"]])
    graph.output(logits, "logits", ("batch", shape.vocabulary))
    graph.output(graph.op("Concat", *cells, axis=0), "next_state", (layers, "batch", shape.dim))
    return graph.model()


def relative_error(student: Student, encoder: bytes, decoder: bytes) -> float:
    """RMS difference of the graphs' logits from `mt.reference`'s on random padded sentences, over their deviation."""
    shape = student.architecture
    random = np.random.default_rng(0)
    source = np.zeros((len(_CHECK_LENGTHS), max(_CHECK_LENGTHS)), np.int64)
    mask = np.zeros(source.shape, np.float32)
    for row, length in enumerate(_CHECK_LENGTHS):
        source[row, :length] = random.integers(0, shape.vocabulary, length)
        mask[row, :length] = 1
    target = random.integers(0, shape.vocabulary, (len(source), _CHECK_STEPS))
    target[:, 0] = -1
    logits = _run_graphs(encoder, decoder, source, mask, target, shape.decoder_layers, shape.dim)
    worst = 0.0
    for row, length in enumerate(_CHECK_LENGTHS):
        expected = decode(student, encode(student, source[row, :length]), target[row])
        worst = max(worst, float(np.sqrt(np.square(logits[row] - expected).mean()) / expected.std()))
    return worst


def _run_graphs(
    encoder: bytes, decoder: bytes, source: np.ndarray, mask: Float32, target: np.ndarray, layers: int, dim: int
) -> Float32:
    cpu = ["CPUExecutionProvider"]
    keys, values = onnxruntime.InferenceSession(encoder, providers=cpu).run(None, {"source": source, "mask": mask})
    step = onnxruntime.InferenceSession(decoder, providers=cpu)
    state = np.zeros((layers, len(source), dim), np.float32)
    logits = []
    for at in range(target.shape[1]):
        given = {"token": target[:, at], "position": np.full(len(source), at), "state": state}
        now, state = step.run(["logits", "next_state"], {**given, "keys": keys, "values": values, "mask": mask})
        logits.append(now)
    return np.stack(logits, axis=1)


def _mask_bias(graph: Graph, mask: str) -> str:
    """0 where there is a token, a very negative number where there is none: (B, 1, 1, S)."""
    minus_padding = graph.op("Sub", mask, graph.number(1))
    return graph.op("Unsqueeze", graph.op("Mul", minus_padding, graph.number(_MASKED)), graph.dims(1, 2))


def _positions(graph: Graph, places: str, dim: int) -> str:
    """(n,) -> (n, D)"""
    column = graph.op("Unsqueeze", graph.op("Cast", places, to=FLOAT), graph.dims(1))
    angles = graph.op("Mul", column, graph.constant(position_rates(dim)))
    return graph.op("Concat", graph.op("Sin", angles), graph.op("Cos", angles), axis=-1)


def _previous_token(graph: Graph, student: Student, token: str) -> str:
    """The token's embedding, zero for -1: (B, D)."""
    shape = student.architecture
    nothing = graph.index(0)
    exists = graph.op("Cast", graph.op("GreaterOrEqual", token, nothing), to=FLOAT)
    embedded = graph.embed(student.arrays["Wemb"], graph.op("Max", token, nothing), math.sqrt(shape.dim))
    return graph.op("Mul", embedded, graph.op("Unsqueeze", exists, graph.dims(1)))


def _pair(student: Student, name: str, which: str) -> tuple[list[Float32], list[Float32]]:
    return [student.arrays[f"{name}_W{which}"]], [student.arrays[f"{name}_b{which}"]]


def _query(student: Student, name: str) -> tuple[list[Float32], list[Float32]]:
    """The query's weights with attention's 1 / sqrt(d) folded in."""
    factor = np.float32(1 / math.sqrt(student.architecture.head_dim))
    weights, biases = _pair(student, name, "q")
    return [weights[0] * factor], [biases[0] * factor]


def _add_norm(graph: Graph, student: Student, name: str, x: str, out: str) -> str:
    arrays = student.arrays
    return graph.norm(graph.op("Add", x, out), arrays[f"{name}_ln_scale"], arrays[f"{name}_ln_bias"])


def _self_attention(graph: Graph, student: Student, name: str, x: str, bias: str) -> str:
    shape = student.architecture
    pairs = [_query(student, name), _pair(student, name, "k"), _pair(student, name, "v")]
    projected = graph.linear(x, [weights[0] for weights, _ in pairs], [biases[0] for _, biases in pairs])
    query, key, value = (
        graph.heads(part, shape.heads, shape.head_dim)
        for part in graph.split_op("Split", projected, outputs=3, axis=-1)
    )
    mixed = graph.attend(query, graph.op("Transpose", key, perm=[0, 1, 3, 2]), value, bias)
    joined = graph.op("Reshape", graph.op("Transpose", mixed, perm=[0, 2, 1, 3]), graph.dims(0, 0, shape.dim))
    return _add_norm(graph, student, f"{name}_Wo", x, graph.linear(joined, *_pair(student, name, "o")))


def _output_memory(graph: Graph, student: Student, x: str) -> None:
    """The keys and values that the decoder's cross-attention makes of the encoder's output."""
    shape = student.architecture
    layers = shape.decoder_layers
    for which, name, order, dims in (
        ("k", "keys", [2, 0, 3, 4, 1], (layers, "batch", shape.heads, shape.head_dim, "length")),
        ("v", "values", [2, 0, 3, 1, 4], (layers, "batch", shape.heads, "length", shape.head_dim)),
    ):
        pairs = [_pair(student, f"decoder_l{layer}_context", which) for layer in range(1, layers + 1)]
        projected = graph.linear(x, [weights[0] for weights, _ in pairs], [biases[0] for _, biases in pairs])
        split = graph.op("Reshape", projected, graph.dims(0, 0, layers, shape.heads, shape.head_dim))
        graph.output(graph.op("Transpose", split, perm=order), name, dims)


def _ssru(graph: Graph, student: Student, name: str, x: str, before: str) -> tuple[str, str]:
    """c = f c' + (1 - f) W x, written as W x + f (c' - W x): the layer's output and c."""
    weights, biases = _pair(student, name, "f")
    no_bias = np.zeros_like(biases[0])
    both = graph.linear(x, [*weights, student.arrays[f"{name}_W"]], [*biases, no_bias])
    gate, fresh = graph.split_op("Split", both, outputs=2, axis=-1)
    kept = graph.op("Mul", graph.op("Sigmoid", gate), graph.op("Sub", before, fresh))
    cell = graph.op("Add", fresh, kept)
    return _add_norm(graph, student, f"{name}_ffn", x, graph.op("Relu", cell)), cell


def _cross_attention(graph: Graph, student: Student, name: str, x: str, keys: str, values: str, bias: str) -> str:
    shape = student.architecture
    query = graph.linear(x, *_query(student, name))
    query = graph.op("Reshape", query, graph.dims(0, shape.heads, 1, shape.head_dim))
    joined = graph.op("Reshape", graph.attend(query, keys, values, bias), graph.dims(0, shape.dim))
    return _add_norm(graph, student, f"{name}_Wo", x, graph.linear(joined, *_pair(student, name, "o")))


def _write_atomically(path: Path, data: bytes) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as partial:
        try:
            partial.write(data)
            partial.flush()
            os.fsync(partial.fileno())
            os.chmod(partial.name, 0o644)
            os.replace(partial.name, path)
        except BaseException:
            os.unlink(partial.name)
            raise
