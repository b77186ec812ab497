"""Where Whisper computes, on machines that are told of in words."""

from __future__ import annotations

import pytest

from asr.whisper_device import CPU_BATCH, CUDA_BATCH, ON_CPU, ComputeType, Device, Placement, place
from streaming.errors import BadInput

SUPPORTED = {
    "cpu": {"int8", "int8_float32", "int16", "float32"},
    "cuda": {"int8", "int8_float16", "float16", "float32"},
}


def placed(device: Device, compute_type: ComputeType | None = None, *, cuda_devices: int) -> Placement:
    return place(device, compute_type, cuda_devices=cuda_devices, supported=SUPPORTED.__getitem__)


def test_auto_is_cuda_where_there_is_a_device() -> None:
    assert placed("auto", cuda_devices=1) == Placement("cuda", "float16", CUDA_BATCH, parallel=1)


def test_auto_is_the_cpu_where_there_is_none() -> None:
    assert placed("auto", cuda_devices=0) == Placement("cpu", "int8", CPU_BATCH)


def test_the_cpu_is_kept_to_beside_a_cuda_device() -> None:
    assert placed("cpu", cuda_devices=2) == ON_CPU


def test_a_compute_type_asked_for_is_taken() -> None:
    assert placed("cuda", "int8_float16", cuda_devices=1).compute_type == "int8_float16"


def test_an_old_device_without_half_precision_computes_in_single() -> None:
    old = place("cuda", None, cuda_devices=1, supported=lambda _: {"int8", "float32"})
    assert old.compute_type == "float32"


def test_the_devices_of_a_machine_without_cuda_are_never_asked_for_its_types() -> None:
    asked: list[str] = []
    place("auto", None, cuda_devices=0, supported=lambda device: asked.append(device) or SUPPORTED[device])
    assert asked == ["cpu"]


def test_cuda_without_a_device_is_refused() -> None:
    with pytest.raises(BadInput, match="no CUDA device"):
        placed("cuda", cuda_devices=0)


def test_a_compute_type_that_the_device_lacks_is_refused_with_those_it_has() -> None:
    with pytest.raises(BadInput, match=r"compute_type: cpu .* no float16; it has float32, int16"):
        placed("auto", "float16", cuda_devices=0)
