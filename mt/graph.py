"""Builds an ONNX graph operator by operator, with the layers that the student is made of."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from mt.marian import Float32
from mt.reference import LAYER_NORM_EPSILON

FLOAT = TensorProto.FLOAT
INT64 = TensorProto.INT64
Shape = tuple[int | str, ...]

_OPSET = 17
_IR_VERSION = 8
_RUNTIME_DOMAIN = "com.microsoft"
_INT8_MAX = 127
_UINT8_ZERO = 128
_BLOCK = 64
"""Activations are rounded to 8 bits per row and block of this many. Single short runs with 16, 32 and 64
gave 95 to 97 of 100 sentences as in float32, too close to rank; the weights lose nothing in any of them."""
_EIGHT_BIT_ARITHMETIC = 4
"""MatMulNBits' accuracy_level: multiply in int8, add in int32"""


def quantize(weights: Float32) -> tuple[npt.NDArray[np.int8], float]:
    """Integers q and a scale, q * scale close to the weights; exact for weights that were int8 in Marian's file."""
    scale = float(np.abs(weights).max()) / _INT8_MAX
    return np.rint(weights / scale).astype(np.int8), scale


class Graph:
    """Collects operators; values are named by strings."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []
        self._names: dict[bytes, str] = {}
        self._inputs: list[onnx.ValueInfoProto] = []
        self._outputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, type_: int, shape: Shape) -> str:
        self._inputs.append(helper.make_tensor_value_info(name, type_, shape))
        return name

    def output(self, value: str, name: str, shape: Shape) -> None:
        self._nodes.append(helper.make_node("Identity", [value], [name]))
        self._outputs.append(helper.make_tensor_value_info(name, FLOAT, shape))

    def constant(self, array: npt.NDArray[Any]) -> str:
        """The constant's name; equal arrays are kept once."""
        contiguous = array if array.ndim == 0 else np.ascontiguousarray(array)
        tensor = numpy_helper.from_array(contiguous, "")
        content = tensor.SerializeToString()
        if content not in self._names:
            self._names[content] = tensor.name = f"constant_{len(self._constants)}"
            self._constants.append(tensor)
        return self._names[content]

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))

    def index(self, value: int) -> str:
        return self.constant(np.array(value, np.int64))

    def dims(self, *values: int) -> str:
        return self.constant(np.array(values, np.int64))

    def op(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Adds an operator with one output and returns that output's name."""
        return self.split_op(operator, *inputs, outputs=1, domain=domain, **attributes)[0]

    def split_op(self, operator: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any) -> list[str]:
        names = [f"{operator}_{len(self._nodes)}_{i}" for i in range(outputs)]
        self._nodes.append(helper.make_node(operator, list(inputs), names, domain=domain, **attributes))
        return names

    def linear(self, x: str, weights: list[Float32], biases: list[Float32]) -> str:
        """x W + b in float32; several (W, b) stand side by side in the output.

        The file holds W in int8. The runtime's constant folding makes it float32 when it loads the graph.
        """
        values, scales = _side_by_side(weights)
        folded = self.op("Mul", self.op("Cast", self.constant(values), to=FLOAT), self.constant(scales))
        return self.op("Add", self.op("MatMul", x, folded), self.constant(_flat(biases)))

    def linear_int8(self, x: str, weights: list[Float32], biases: list[Float32]) -> str:
        """As `linear`, computed in 8 bits too. A row's result doesn't depend on the rest of its batch."""
        values, scales = _side_by_side(weights)
        inner, outer = values.shape
        blocks = self._blocks(values)
        inputs = [x, blocks, self.constant(np.repeat(scales, inner // _BLOCK)), "", ""]
        return self.op(
            "MatMulNBits",
            *inputs,
            self.constant(_flat(biases)),
            domain=_RUNTIME_DOMAIN,
            K=inner,
            N=outer,
            bits=8,
            block_size=_BLOCK,
            accuracy_level=_EIGHT_BIT_ARITHMETIC,
        )

    def embed(self, table: Float32, tokens: str, factor: float) -> str:
        """Rows of the table (n, dim) times a factor. The table is kept in 8 bits, once if it is the output too."""
        values, scale = quantize(table)
        rows = self.op("Gather", self._blocks(values.T), tokens)
        shape = self.op("Concat", self.op("Shape", tokens), self.dims(table.shape[1]), axis=0)
        centred = self.op("Sub", self.op("Cast", self.op("Reshape", rows, shape), to=FLOAT), self.number(_UINT8_ZERO))
        return self.op("Mul", centred, self.number(scale * factor))

    def _blocks(self, values: npt.NDArray[np.int8]) -> str:
        """Columns of int8 weights (in, out) as MatMulNBits wants them: uint8 (out, in / block, block)."""
        inner, outer = values.shape
        shifted = (values.T.astype(np.int16) + _UINT8_ZERO).astype(np.uint8)
        return self.constant(shifted.reshape(outer, inner // _BLOCK, _BLOCK))

    def norm(self, x: str, scale: Float32, bias: Float32) -> str:
        """Layer normalisation over the last axis (Ba et al. 2016)."""
        weights = (self.constant(scale.reshape(-1)), self.constant(bias.reshape(-1)))
        return self.op("LayerNormalization", x, *weights, axis=-1, epsilon=LAYER_NORM_EPSILON)

    def heads(self, x: str, heads: int, head_dim: int) -> str:
        """(batch, length, heads * head_dim) -> (batch, heads, length, head_dim)"""
        return self.op("Transpose", self.op("Reshape", x, self.dims(0, 0, heads, head_dim)), perm=[0, 2, 1, 3])

    def attend(self, query: str, keys: str, values: str, bias: str) -> str:
        """Softmax(Q K + bias) V per head, Q scaled already and K transposed: (batch, heads, length, head_dim)."""
        scores = self.op("Add", self.op("MatMul", query, keys), bias)
        return self.op("MatMul", self.op("Softmax", scores, axis=-1), values)

    def model(self) -> onnx.ModelProto:
        graph = helper.make_graph(self._nodes, self._name, self._inputs, self._outputs, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_RUNTIME_DOMAIN, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION, producer_name="dragoman")


def _side_by_side(weights: list[Float32]) -> tuple[npt.NDArray[np.int8], Float32]:
    """Int8 values (in, out) of matrices with the same rows, and a scale for each column."""
    quantized = [quantize(each) for each in weights]
    scales = [np.full(values.shape[1], scale, np.float32) for values, scale in quantized]
    return np.concatenate([values for values, _ in quantized], axis=1), np.concatenate(scales)


def _flat(biases: list[Float32]) -> Float32:
    return np.concatenate([bias.reshape(-1) for bias in biases])
