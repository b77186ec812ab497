"""Where Whisper computes: the device, the type of its weights and how many windows at once.

Nothing here touches a device: what the machine has is passed in. What is said of CUDA follows CTranslate2's documents
and is not measured: no GPU was at hand.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from streaming.errors import BadInput

Device = Literal["auto", "cpu", "cuda"]
ComputeType = Literal[
    "int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32"
]
"""CTranslate2's names, but those by which it chooses for itself"""

CPU_BATCH = 1
"""On cores a batch gains nothing and holds back the first of its parts. Compute of one 10 s window on 2 threads
(base, int8, 8 forced and 20 new tokens) in batches of 1, 2, 4, 8: encode 112, 122, 123, 141 ms, generate 122, 127, 99,
79 ms, align 38, 38, 37, 47 ms: 0.27 s alone, 0.26 s in a batch of 4, which answers all after 1.04 s."""
CPU_PARALLEL = 2
"""The engine's workers. Calls side by side take no longer than alone (0.18 s); further ones would wait for a core."""
CUDA_BATCH = 16
"""unmeasured; a GPU that holds the model has room for the windows of so many speakers"""
_PREFERRED: dict[str, tuple[ComputeType, ...]] = {"cpu": ("int8", "float32"), "cuda": ("float16", "float32")}
"""The first that the device supports: int8 for speed on cores, the published weights as they are on a GPU (there int8
saves memory more than time)."""


@dataclass(frozen=True, slots=True)
class Placement:
    """A device and what suits it."""

    device: Literal["cpu", "cuda"] = "cpu"
    compute_type: ComputeType = "int8"
    max_batch: int = CPU_BATCH
    parallel: int = CPU_PARALLEL
    """calls at once"""


ON_CPU = Placement()


def place(
    device: Device,
    compute_type: ComputeType | None,
    *,
    cuda_devices: int,
    supported: Callable[[str], Collection[str]],
) -> Placement:
    """`auto` is CUDA where there is a device; without a `compute_type`, the device's own default.

    `supported`: the compute types of a device, by its name. Raises BadInput for what this machine hasn't got.
    """
    if device == "cuda" and cuda_devices == 0:
        raise BadInput("device: there is no CUDA device on this machine, or no driver for it")
    where: Literal["cpu", "cuda"] = "cuda" if device != "cpu" and cuda_devices > 0 else "cpu"
    there_are = supported(where)
    wanted = _PREFERRED[where] if compute_type is None else (compute_type,)
    for one in wanted:
        if one in there_are:
            return Placement("cuda", one, CUDA_BATCH, parallel=1) if where == "cuda" else Placement("cpu", one)
    raise BadInput(f"compute_type: {where} of this machine has no {wanted[0]}; it has {', '.join(sorted(there_are))}")
