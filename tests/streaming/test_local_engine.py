"""The local engine: order, batching, lateness, failure, cancellation."""

from collections.abc import Sequence

import anyio
import pytest

from streaming.clock import now, run_virtual
from streaming.errors import DeadlinePassed
from streaming.local_engine import SHARED_SPEED, LocalEngine, VirtualCores, in_thread


class Echo:
    """Gives back what it is asked and remembers its batches."""

    name = "echo"

    def __init__(self, max_batch: int = 1) -> None:
        self.max_batch = max_batch
        self.batches: list[list[str]] = []

    def run(self, batch: Sequence[str]) -> list[str]:
        self.batches.append(list(batch))
        if "fail" in batch:
            raise ValueError("asked to fail")
        return list(batch)


async def slow(model: Echo, batch: Sequence[str]) -> tuple[Sequence[str], float]:
    await anyio.sleep(1.0)
    return model.run(batch), 1.0


async def with_engine(execute, body) -> None:
    engine = LocalEngine(execute, workers=1, observe=lambda *_: None)
    async with anyio.create_task_group() as group:
        group.start_soon(engine.run)
        await body(engine)
        group.cancel_scope.cancel()


def test_the_earliest_deadline_runs_first() -> None:
    model = Echo()

    async def body(engine: LocalEngine) -> None:
        async with anyio.create_task_group() as group:
            for text, deadline_s in [("first come", 9.0), ("late", 8.0), ("urgent", 1.0)]:
                group.start_soon(lambda t=text, d=deadline_s: engine.call(model, t, deadline_s=d))

    run_virtual(with_engine(slow, body))
    assert model.batches == [["urgent"], ["late"], ["first come"]]


def test_waiting_calls_of_one_model_run_as_a_batch() -> None:
    model = Echo(max_batch=2)

    async def body(engine: LocalEngine) -> None:
        async with anyio.create_task_group() as group:
            for text in "abc":
                group.start_soon(lambda t=text: engine.call(model, t, deadline_s=0.0))

    run_virtual(with_engine(slow, body))
    assert model.batches == [["a", "b"], ["c"]]


def test_two_workers_run_two_calls_at_once() -> None:
    async def main() -> float:
        engine = LocalEngine(slow, workers=2, observe=lambda *_: None)
        async with anyio.create_task_group() as group:
            group.start_soon(engine.run)
            await anyio.sleep(0.1)  # both workers are idle by now
            async with anyio.create_task_group() as calls:
                for text in "ab":
                    calls.start_soon(lambda t=text: engine.call(Echo(), t, deadline_s=0.0))
            group.cancel_scope.cancel()
        return now()

    assert run_virtual(main()) == pytest.approx(1.1)


def test_a_call_that_would_come_too_late_is_not_run() -> None:
    model = Echo()

    async def body(engine: LocalEngine) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: engine.call(model, "long", deadline_s=0.0))
            await anyio.sleep(0.1)
            with pytest.raises(DeadlinePassed):
                await engine.call(model, "stale", deadline_s=0.5, expires_s=0.5)

    run_virtual(with_engine(slow, body))
    assert model.batches == [["long"]]


def test_a_failing_call_is_its_callers_to_judge() -> None:
    async def body(engine: LocalEngine) -> None:
        with pytest.raises(ValueError, match="asked to fail"):
            await engine.call(Echo(), "fail", deadline_s=0.0)
        assert await engine.call(Echo(), "fine", deadline_s=0.0) == "fine"

    run_virtual(with_engine(slow, body))


def test_a_cancelled_caller_s_call_is_not_run() -> None:
    model = Echo()

    async def body(engine: LocalEngine) -> None:
        async with anyio.create_task_group() as group:
            group.start_soon(lambda: engine.call(model, "first", deadline_s=0.0))
            with anyio.move_on_after(0.5):
                await engine.call(model, "given up", deadline_s=1.0)
            await engine.call(model, "last", deadline_s=2.0)

    run_virtual(with_engine(slow, body))
    assert model.batches == [["first"], ["last"]]


def test_virtual_time_advances_by_the_compute_time() -> None:
    class Busy(Echo):
        def run(self, batch: Sequence[str]) -> list[str]:
            return [str(sum(range(300_000)))]

    async def body(engine: LocalEngine) -> None:
        before = now()
        await engine.call(Busy(), "x", deadline_s=0.0)
        assert now() > before

    run_virtual(with_engine(VirtualCores(), body))


def test_calls_that_overlap_in_virtual_time_share_the_cores() -> None:
    async def timed(cores: VirtualCores, calls: int) -> float:
        began = now()
        async with anyio.create_task_group() as group:
            for _ in range(calls):
                group.start_soon(cores._spend, 3.0)
        return now() - began

    async def body() -> None:
        cores = VirtualCores()
        assert await timed(cores, 1) == pytest.approx(3.0)
        assert await timed(cores, 2) == pytest.approx(3.0 / SHARED_SPEED)

    run_virtual(body())


def test_a_thread_runs_the_call_in_real_time() -> None:
    async def body(engine: LocalEngine) -> None:
        assert await engine.call(Echo(), "hello", deadline_s=0.0) == "hello"

    anyio.run(with_engine, in_thread, body)
