"""Virtual time: waits are jumped over, order is kept, threads are waited for."""

import time

import anyio
import anyio.to_thread
import pytest

from streaming.clock import now, run_virtual


def test_an_hour_passes_in_no_time() -> None:
    async def main() -> float:
        await anyio.sleep(3600)
        return now()

    started = time.perf_counter()
    assert run_virtual(main()) == pytest.approx(3600)
    assert time.perf_counter() - started < 60


def test_timers_fire_in_order() -> None:
    fired: list[float] = []

    async def after(seconds: float) -> None:
        await anyio.sleep(seconds)
        fired.append(now())

    async def main() -> None:
        async with anyio.create_task_group() as group:
            for seconds in (3.0, 1.0, 2.0):
                group.start_soon(after, seconds)

    run_virtual(main())
    assert fired == pytest.approx([1.0, 2.0, 3.0])


def test_a_deadline_cancels_at_its_time() -> None:
    async def main() -> float:
        with anyio.move_on_after(5):
            await anyio.sleep(100)
        return now()

    assert run_virtual(main()) == pytest.approx(5)


def test_a_thread_is_waited_for() -> None:
    async def main() -> int:
        return await anyio.to_thread.run_sync(lambda: 42)

    assert run_virtual(main()) == 42
