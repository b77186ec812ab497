"""What an overload does, in virtual time."""

from __future__ import annotations

from collections.abc import Sequence

import anyio

from bench.overload import Overload, begins_s
from streaming.clock import now, run_virtual

SECONDS = 100.0


class Voice:
    """Counts its calls."""

    name, max_batch, threads = "voice", 1, 1

    def __init__(self) -> None:
        self.calls = 0

    def run(self, batch: Sequence[str]) -> Sequence[str]:
        self.calls += 1
        return batch


def test_a_slowed_voice_does_everything_twice_and_others_do_not() -> None:
    async def main() -> tuple[int, int]:
        overload, voice, other = Overload(SECONDS, {"voice"}, virtual=True), Voice(), Voice()
        other.name = "other"
        async with anyio.create_task_group() as group:
            group.start_soon(overload.run)
            await anyio.sleep_until(begins_s(SECONDS)[3] + 1)
            assert (await overload(voice, ["a"]))[0] == ["a"]
            await overload(other, ["b"])
            await anyio.sleep_until(begins_s(SECONDS)[4] + 1)
            await overload(voice, ["c"])
        return voice.calls, other.calls

    assert run_virtual(main()) == (3, 1)


def test_the_load_ends_with_its_last_phase() -> None:
    async def main() -> float:
        overload = Overload(SECONDS, (), virtual=True)
        await overload.run()
        return now()

    assert begins_s(SECONDS)[-2] <= run_virtual(main()) <= SECONDS
