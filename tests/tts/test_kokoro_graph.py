"""The rewritten graph computes what the published one does."""

from __future__ import annotations

from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import NodeProto, TensorProto, helper, numpy_helper

from server.models import models_dir
from tts.espeak import Espeak
from tts.kokoro import load_kokoro
from tts.kokoro_graph import is_exact_with_signed_weights, with_matrix_products

INPUTS, OUTPUTS, LENGTH = 3, 5, 40
RNG = np.random.default_rng(5)


def convolution(
    *, kernel: int, dilation: int = 1, pads: tuple[int, int] = (0, 0), stride: int = 1, bias: bool = True
) -> onnx.ModelProto:
    """A dynamically quantised convolution as ONNX Runtime's quantiser writes it."""
    constants = {
        "weight": RNG.integers(0, 256, (OUTPUTS, INPUTS, kernel)).astype(np.uint8),
        "weight zero": np.uint8(131),
        "weight scale": np.float32(0.02),
        "bias": RNG.normal(size=OUTPUTS).astype(np.float32),
        "shape": np.array([1, -1, 1], np.int64),
    }
    nodes = [
        helper.make_node("DynamicQuantizeLinear", ["input"], ["bytes", "scale", "zero"]),
        helper.make_node(
            "ConvInteger",
            ["bytes", "weight", "zero", "weight zero"],
            ["sums"],
            kernel_shape=[kernel],
            dilations=[dilation],
            pads=list(pads),
            strides=[stride],
            group=1,
        ),
        helper.make_node("Mul", ["scale", "weight scale"], ["scales"]),
        *(_added_bias() if bias else []),
        helper.make_node("Cast", ["biased" if bias else "sums"], ["float"], to=TensorProto.FLOAT),
        helper.make_node("Mul", ["float", "scales"], ["output"]),
    ]
    graph = helper.make_graph(
        nodes,
        "convolution",
        [helper.make_tensor_value_info("input", TensorProto.FLOAT, [1, INPUTS, LENGTH])],
        [helper.make_tensor_value_info("output", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)


def _added_bias() -> list[NodeProto]:
    return [
        helper.make_node("Div", ["bias", "scales"], ["in scales"]),
        helper.make_node("Floor", ["in scales"], ["whole"]),
        helper.make_node("Cast", ["whole"], ["integers"], to=TensorProto.INT32),
        helper.make_node("Reshape", ["integers", "shape"], ["integer bias"]),
        helper.make_node("Add", ["sums", "integer bias"], ["biased"]),
    ]


def computed(model: onnx.ModelProto, sound: Any) -> Any:
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(["output"], {"input": sound})[0]


@pytest.mark.parametrize("signed", [False, True])
@pytest.mark.parametrize(
    "shape",
    [
        {"kernel": 1},
        {"kernel": 3, "pads": (1, 1)},
        {"kernel": 7, "dilation": 3, "pads": (9, 9)},
        {"kernel": 3, "pads": (0, 2), "bias": False},
    ],
)
def test_a_convolution_gives_the_same_as_a_product(shape: dict[str, Any], signed: bool) -> None:
    if signed and not is_exact_with_signed_weights():
        pytest.skip("this processor has no VNNI")
    model = convolution(**shape)
    sound = RNG.normal(size=(1, INPUTS, LENGTH)).astype(np.float32)
    expected = computed(model, sound)
    assert with_matrix_products(model, signed=signed) == 1
    assert [node.op_type for node in model.graph.node if node.op_type in ("ConvInteger", "Add", "Div")] == []
    # Its bias was rounded down to the quantiser's scale, ours is not.
    np.testing.assert_allclose(computed(model, sound), expected, atol=1e-3)


def test_a_convolution_that_strides_stays() -> None:
    model = convolution(kernel=3, stride=2)
    before = model.SerializeToString()
    assert with_matrix_products(model, signed=False) == 0
    assert [node.op_type for node in model.graph.node] == [
        node.op_type for node in onnx.load_model_from_string(before).graph.node
    ]


@pytest.mark.e2e
def test_the_voice_runs_on_a_graph_of_products_and_only_three_convolutions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The session doesn't tell its graph, so what it is made from is looked at on its way."""
    loaded: list[onnx.ModelProto] = []
    make = onnxruntime.InferenceSession

    def look(graph: bytes, *args: Any, **options: Any) -> onnxruntime.InferenceSession:
        loaded.append(onnx.load_model_from_string(graph))
        return make(graph, *args, **options)

    monkeypatch.setattr(onnxruntime, "InferenceSession", look)
    load_kokoro(models_dir() / "kokoro-82m", Espeak(), threads=1)
    operations = [node.op_type for node in loaded[-1].graph.node]
    assert (operations.count("MatMulIntegerToFloat"), operations.count("ConvInteger")) == (84, 3)
