"""The local engine: order, batching, lateness, failure, cancellation."""

from collections.abc import Sequence

import anyio
import pytest

from streaming.clock import now, run_virtual
from streaming.errors import DeadlinePassed
from streaming.local_engine import LocalEngine, VirtualCores, in_thread


class Echo:
    """Gives back what it is asked and remembers its batches."""

    name = "echo"

    def __init__(self, max_batch: int = 1) -> None:
        self.max_batch = max_batch
        self.threads = 1
        self.batches: list[list[str]] = []

    def run(self, batch: Sequence[str]) -> list[str]:
        self.batches.append(list(batch))
        if "fail" in batch:
            raise ValueError("asked to fail")
        return list(batch)


class Sorted(Echo):
    """Batches texts of one first letter."""

    def bucket(self, request: str) -> str:
        if not request:
            raise ValueError("nothing to run")
        return request[0]


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


def test_a_batch_holds_calls_of_the_most_urgent_one_s_bucket() -> None:
    model = Sorted(max_batch=4)

    async def body(engine: LocalEngine) -> None:
        async with anyio.create_task_group() as group:
            for deadline_s, text in enumerate(["a1", "b1", "a2", "b2", "a3"]):
                group.start_soon(lambda t=text, d=deadline_s: engine.call(model, t, deadline_s=d))

    run_virtual(with_engine(slow, body))
    assert model.batches == [["a1", "a2", "a3"], ["b1", "b2"]]


def test_a_request_that_fits_no_bucket_fails_alone() -> None:
    model = Sorted(max_batch=4)

    async def body(engine: LocalEngine) -> None:
        with pytest.raises(ValueError, match="nothing to run"):
            await engine.call(model, "", deadline_s=0.0)
        assert await engine.call(model, "a", deadline_s=0.0) == "a"

    run_virtual(with_engine(slow, body))


def test_what_a_batching_model_is_asked_while_it_runs_is_its_next_batch() -> None:
    """With two workers: the idle one takes other models' calls, and none of those that wait for this one."""
    model, other = Sorted(max_batch=4), Echo()
    ended_s: dict[str, float] = {}

    async def main() -> None:
        engine = LocalEngine(slow, workers=2, observe=lambda *_: None)

        async def ask(asked: Echo, text: str, at_s: float) -> None:
            await anyio.sleep(at_s)
            await engine.call(asked, text, deadline_s=now())
            ended_s[text] = now()

        async with anyio.create_task_group() as group:
            group.start_soon(engine.run)
            async with anyio.create_task_group() as calls:
                for asked, text, at_s in [
                    (model, "a1", 0.1),
                    (model, "a2", 0.2),
                    (model, "a3", 0.3),
                    (other, "x", 0.4),
                ]:
                    calls.start_soon(ask, asked, text, at_s)
            group.cancel_scope.cancel()

    run_virtual(main())
    assert model.batches == [["a1"], ["a2", "a3"]]
    assert ended_s == pytest.approx({"a1": 1.1, "x": 1.4, "a2": 2.1, "a3": 2.1})


def test_a_model_that_takes_one_request_at_a_time_runs_on_both_workers() -> None:
    async def main() -> float:
        engine, model = LocalEngine(slow, workers=2, observe=lambda *_: None), Sorted()
        async with anyio.create_task_group() as group:
            group.start_soon(engine.run)
            async with anyio.create_task_group() as calls:
                for text in ("a1", "a2"):
                    calls.start_soon(lambda t=text: engine.call(model, t, deadline_s=0.0))
            group.cancel_scope.cancel()
        return now()

    assert run_virtual(main()) == pytest.approx(1.0)


def test_a_batching_model_that_failed_runs_again() -> None:
    model = Sorted()

    async def body(engine: LocalEngine) -> None:
        with pytest.raises(ValueError, match="asked to fail"):
            await engine.call(model, "fail", deadline_s=0.0)
        assert await engine.call(model, "fine", deadline_s=0.0) == "fine"

    run_virtual(with_engine(slow, body))


@pytest.mark.parametrize("max_batch", [1, 4])
@pytest.mark.parametrize("slow_s", [0.5, 2.0])
def test_a_slow_speaker_s_calls_hold_up_the_others_by_one_of_them_at_most(slow_s: float, max_batch: int) -> None:
    """The engine has more to do than it can: each speaker asks again as soon as it has its answer."""
    costs_s = {"slow": slow_s, "quick": 0.1, "too": 0.1}
    answered: dict[str, list[float]] = {speaker: [] for speaker in costs_s}
    model = Sorted(max_batch)

    async def execute(model: Sorted, batch: Sequence[str]) -> tuple[Sequence[str], float]:
        seconds = sum(costs_s[speaker] for speaker in batch)
        await anyio.sleep(seconds)
        return model.run(batch), seconds

    async def body(engine: LocalEngine) -> None:
        async def talk(speaker: str) -> None:
            while True:
                asked_s = now()
                await engine.call(model, speaker, deadline_s=asked_s + 0.6)
                answered[speaker].append(now() - asked_s)

        with anyio.move_on_after(60):
            async with anyio.create_task_group() as group:
                for speaker in costs_s:
                    group.start_soon(talk, speaker)

    run_virtual(with_engine(execute, body))
    assert all(max(answers_s) <= sum(costs_s.values()) + 1e-6 for answers_s in answered.values())
    assert min(map(len, answered.values())) >= 60 / sum(costs_s.values()) - 1


def test_one_who_asks_with_later_deadlines_is_served_too() -> None:
    """A speaker whose stride was lengthened, beside two that take all there is."""
    strides_s = {"patient": 1.0, "a": 0.6, "b": 0.6}
    waited: list[float] = []
    model = Sorted()

    async def body(engine: LocalEngine) -> None:
        async def talk(speaker: str) -> None:
            while True:
                asked_s = now()
                await engine.call(model, speaker, deadline_s=asked_s + strides_s[speaker])
                if speaker == "patient":
                    waited.append(now() - asked_s)

        with anyio.move_on_after(60):
            async with anyio.create_task_group() as group:
                for speaker in strides_s:
                    group.start_soon(talk, speaker)

    run_virtual(with_engine(slow, body))
    assert len(waited) >= 15
    assert max(waited) <= 1.0 + 3.0  # the difference of the strides rounded up to a call, then one call of each


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
    async def timed(cores: VirtualCores, *threads: int) -> float:
        began = now()
        async with anyio.create_task_group() as group:
            for count in threads:
                group.start_soon(cores.spend, 3.0, count)
        return now() - began

    async def body() -> None:
        cores = VirtualCores(2)
        assert await timed(cores, 2) == pytest.approx(3.0)
        assert await timed(cores, 1, 1) == pytest.approx(3.0)
        assert await timed(cores, 1, 2) == pytest.approx(4.5)

    run_virtual(body())


def test_a_thread_runs_the_call_in_real_time() -> None:
    async def body(engine: LocalEngine) -> None:
        assert await engine.call(Echo(), "hello", deadline_s=0.0) == "hello"

    anyio.run(with_engine, in_thread, body)
