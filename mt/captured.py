"""A step's gradients as one CUDA graph for each shape of batch.

Launching a step's two thousand kernels one by one takes the host many times as long as the GPU takes to run them.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

from mt.batches import Batch


class Captured:
    """`work` for batches on the GPU: as it is the first time that a shape comes, captured the second, replayed then.

    `work` must always write into the same memory and must not wait for the GPU.
    """

    def __init__(self, work: Callable[[Batch], Tensor]) -> None:
        self._work = work
        self._seen: set[tuple[int, int, bool]] = set()
        self._graphs: dict[tuple[int, int, bool], tuple[torch.cuda.CUDAGraph, Batch, Tensor]] = {}
        self._stream = torch.cuda.Stream()
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, batch: Batch) -> Tensor:
        if batch.shape not in self._seen:
            self._seen.add(batch.shape)
            return self._warm_up(_on_gpu(batch))
        if batch.shape not in self._graphs:
            self._capture(_on_gpu(batch))
        graph, static, result = self._graphs[batch.shape]
        static.tokens.copy_(batch.tokens, non_blocking=True)
        static.facts.copy_(batch.facts, non_blocking=True)
        graph.replay()
        return result.clone()

    def _warm_up(self, batch: Batch) -> Tensor:
        """On the stream of the captures, as these need it."""
        self._stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(self._stream):
            result = self._work(batch)
        torch.cuda.current_stream().wait_stream(self._stream)
        return result.clone()

    def _capture(self, batch: Batch) -> None:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool, stream=self._stream):
            result = self._work(batch)
        self._graphs[batch.shape] = graph, batch, result


def _on_gpu(batch: Batch) -> Batch:
    return Batch(batch.tokens.cuda(), batch.facts.cuda(), batch.whole)
