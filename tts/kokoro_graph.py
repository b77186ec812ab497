"""Kokoro's integer convolutions rewritten as matrix products, which ONNX Runtime computes much faster.

The published graph has `ConvInteger`, for which ONNX Runtime has no fast kernel: two thirds of the voice's time. A
convolution of stride 1 is one product of the shifted inputs, side by side, with the kernel (im2col, Chellapilla et al.
2006), and `MatMulIntegerToFloat` does the scaling and the bias in the same pass.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import NodeProto, TensorProto, helper, numpy_helper

_END = 2**62
"""of a slice: the last one"""


@dataclass(frozen=True, slots=True)
class _Convolution:
    """A `ConvInteger` and what makes a float of its result: [Add bias], Cast, Mul."""

    node: NodeProto
    follow: tuple[NodeProto, ...]
    bias: str
    """a float initializer of shape (out,); empty: none"""
    input_scale: str
    weight_scale: str


def faster_graph(path: Path) -> bytes:
    """The graph in the file `path`, rewritten for this processor, as a serialised ONNX model."""
    model = onnx.load(path)
    with_matrix_products(model, signed=is_exact_with_signed_weights())
    return model.SerializeToString()


def with_matrix_products(model: onnx.ModelProto, *, signed: bool) -> int:
    """Rewrites `model` in place and returns how many convolutions it had to; those of another kind stay.

    `signed`: the weights become int8, which is faster where `is_exact_with_signed_weights`.
    """
    rewriting = _Rewriting(model.graph, signed=signed)
    found = list(rewriting.convolutions())
    instead: dict[str, list[NodeProto]] = {}
    for each in found:
        instead |= {node.output[0]: [] for node in (each.node, *each.follow)}
        instead[each.follow[-1].output[0]] = rewriting.product(each)
    nodes = [new for node in model.graph.node for new in instead.get(node.output[0], [node])]
    _replace(model.graph.node, _needed(nodes, [output.name for output in model.graph.output]))
    used = {name for node in model.graph.node for name in node.input}
    _replace(model.graph.initializer, [each for each in model.graph.initializer if each.name in used])
    if all(opset.domain != "com.microsoft" for opset in model.opset_import):
        model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    return len(found)


def is_exact_with_signed_weights() -> bool:
    """Whether this processor's products of unsigned and signed bytes are right: without VNNI they saturate.

    ONNX Runtime's documentation of quantization tells of it.
    """
    width = 64
    initializer = numpy_helper.from_array(np.full((width, width), -127, np.int8), "weights")
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["input", "weights"], ["output"])],
        "saturation",
        [helper.make_tensor_value_info("input", TensorProto.UINT8, [width, width])],
        [helper.make_tensor_value_info("output", TensorProto.INT32, [width, width])],
        [initializer],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    output = session.run(["output"], {"input": np.full((width, width), 255, np.uint8)})[0]
    return bool(np.all(output == -127 * 255 * width))


class _Rewriting:
    def __init__(self, graph: onnx.GraphProto, *, signed: bool) -> None:
        self._graph = graph
        self._signed = signed
        self._constants = {each.name: each for each in graph.initializer}
        self._makers = {name: node for node in graph.node for name in node.output}
        self._takers: Mapping[str, list[NodeProto]] = defaultdict(list)
        for node in graph.node:
            for name in node.input:
                self._takers[name].append(node)

    def convolutions(self) -> Iterable[_Convolution]:
        """Those that can be written as a product."""
        for node in self._graph.node:
            if node.op_type != "ConvInteger":
                continue
            about = _attributes(node)
            simple = about["strides"] == [1] and about["group"] == 1
            if simple and (convolution := self._with_what_follows(node)):
                yield convolution

    def _with_what_follows(self, node: NodeProto) -> _Convolution | None:
        follow, bias, after = [], "", self._only_taker(node)
        if after is not None and after.op_type == "Add":
            bias = self._bias(next(name for name in after.input if name != node.output[0]))
            if not bias:
                return None
            follow.append(after)
            after = self._only_taker(after)
        if after is None or after.op_type != "Cast":
            return None
        follow.append(after)
        multiply = self._only_taker(after)
        if multiply is None or multiply.op_type != "Mul":
            return None
        scales = self._makers.get(next(name for name in multiply.input if name != after.output[0]))
        if scales is None or scales.op_type != "Mul":
            return None
        weight_scale = next((name for name in scales.input if name in self._constants), "")
        input_scale = next((name for name in scales.input if name not in self._constants), "")
        if not (weight_scale and input_scale):
            return None
        return _Convolution(node, (*follow, multiply), bias, input_scale, weight_scale)

    def _only_taker(self, node: NodeProto) -> NodeProto | None:
        takers = self._takers[node.output[0]]
        return takers[0] if len(takers) == 1 else None

    def _bias(self, name: str) -> str:
        """The float that was divided by the scales, rounded and shaped to what is added."""
        node = self._makers.get(name)
        while node is not None and node.op_type != "Div":
            node = self._makers.get(node.input[0])
        return node.input[0] if node is not None and node.input[0] in self._constants else ""

    def product(self, convolution: _Convolution) -> list[NodeProto]:
        """Nodes from its input, shape (1, in, time), to the result of the last of `follow`, (1, out, time)."""
        node = convolution.node
        source, weight, zero, weight_zero = node.input
        about = _attributes(node)
        kernel, dilation, pads = about["kernel_shape"][0], about["dilations"][0], about["pads"]
        name = node.output[0]
        rows = f"{name}/rows"
        nodes = [helper.make_node("Transpose", [source], [rows], perm=[0, 2, 1])]
        if any(pads):
            amounts = self._constant(f"pads of {pads}", np.array([0, pads[0], 0, 0, pads[1], 0], np.int64))
            nodes.append(helper.make_node("Pad", [rows, amounts, zero], [f"{name}/padded"]))
            rows = f"{name}/padded"
        if kernel > 1:
            shifted = [self._shifted(rows, tap, kernel, dilation, f"{name}/{tap}") for tap in range(kernel)]
            nodes += shifted
            rows = f"{name}/side by side"
            nodes.append(helper.make_node("Concat", [each.output[0] for each in shifted], [rows], axis=2))
        inputs = [rows, self._matrix(weight), convolution.input_scale, convolution.weight_scale, zero]
        inputs += [self._byte(weight_zero), *filter(None, [convolution.bias])]
        product = helper.make_node("MatMulIntegerToFloat", inputs, [f"{name}/product"], domain="com.microsoft")
        result = convolution.follow[-1].output[0]
        return [*nodes, product, helper.make_node("Transpose", [product.output[0]], [result], perm=[0, 2, 1])]

    def _shifted(self, rows: str, tap: int, kernel: int, dilation: int, name: str) -> NodeProto:
        """The rows that this tap of the kernel meets, from the first place of the kernel to the last."""
        begin, left = tap * dilation, (kernel - 1 - tap) * dilation
        bounds = [begin, -left if left else _END, 1]
        inputs = [self._constant(f"the number {bound}", np.array([bound], np.int64)) for bound in bounds]
        return helper.make_node("Slice", [rows, *inputs], [name])

    def _matrix(self, weight: str) -> str:
        """The kernel of shape (out, in, taps) as (taps x in, out)."""
        kernel = numpy_helper.to_array(self._constants[weight])
        rows = kernel.transpose(2, 1, 0).reshape(-1, len(kernel))
        return self._constant(f"{weight} as a matrix", self._converted(rows))

    def _byte(self, weight_zero: str) -> str:
        zero = numpy_helper.to_array(self._constants[weight_zero])
        return self._constant(f"{weight_zero} of a matrix", self._converted(zero))

    def _converted(self, unsigned: NDArray[Any]) -> NDArray[Any]:
        if not self._signed:
            return np.ascontiguousarray(unsigned)
        return np.ascontiguousarray((unsigned.astype(np.int16) - 128).astype(np.int8))

    def _constant(self, name: str, value: NDArray[Any]) -> str:
        if name not in self._constants:
            self._constants[name] = numpy_helper.from_array(value, name)
            self._graph.initializer.append(self._constants[name])
        return name


def _attributes(node: NodeProto) -> dict[str, Any]:
    return {each.name: helper.get_attribute_value(each) for each in node.attribute}


def _needed(nodes: list[NodeProto], outputs: list[str]) -> list[NodeProto]:
    """Without those whose results nobody takes any more; `nodes` are in the order of computation."""
    needed, kept = set(outputs), []
    for node in reversed(nodes):
        if needed.intersection(node.output):
            needed.update(node.input)
            kept.append(node)
    return kept[::-1]


def _replace(field: Any, values: Iterable[Any]) -> None:
    """The values of a repeated field of a protocol buffer."""
    values = list(values)
    del field[:]
    field.extend(values)
