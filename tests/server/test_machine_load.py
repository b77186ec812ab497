"""The machine's load and a speaker's cost, by hand-computed numbers on a clock of our own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.machine_load import (
    COST_BEFORE_MEASURED,
    COST_HALF_LIFE_S,
    FULL,
    HALF_LIFE_S,
    SPEAKING_S,
    MachineLoad,
    Speaker,
)
from server.metered import Metered
from streaming.clock import now, run_virtual


def two_cores() -> MachineLoad:
    return MachineLoad(cores=2, workers=2)


def keep_speaking(load: MachineLoad, speakers: Sequence[Speaker], begin_s: float, seconds: float) -> float:
    """They speak for so long, then their words have just been forgotten. The time then."""
    for second in range(int(seconds - SPEAKING_S) + 1):
        for speaker in speakers:
            load.hear(speaker, begin_s + second)
    return begin_s + seconds


def test_half_of_what_runs_is_seen_after_a_half_life_and_half_of_it_forgotten_after_another() -> None:
    load = two_cores()
    load.begin(2, 0.0)
    assert load.share(HALF_LIFE_S) == pytest.approx(0.5)
    load.end(2, HALF_LIFE_S)
    assert load.share(2 * HALF_LIFE_S) == pytest.approx(0.25)


def test_one_thread_of_two_cores_is_half_the_machine() -> None:
    load = two_cores()
    load.begin(1, 0.0)
    assert load.share(HALF_LIFE_S) == pytest.approx(0.25)


def test_calls_that_overlap_take_no_more_than_the_machine() -> None:
    load = two_cores()
    load.begin(2, 0.0)
    load.begin(2, 0.0)
    assert load.share(HALF_LIFE_S) == pytest.approx(0.5)


def test_a_call_takes_its_workers_part_where_cores_are_many() -> None:
    load = MachineLoad(cores=16, workers=2)
    load.begin(1, 0.0)
    assert load.share(HALF_LIFE_S) == pytest.approx(0.25)


def test_the_cost_is_what_was_foreseen_until_somebody_spoke() -> None:
    load = two_cores()
    load.begin(2, 0.0)
    load.enter(0.0)
    assert load.cost(100.0) == COST_BEFORE_MEASURED


def test_half_of_the_cost_is_measured_after_a_half_life_of_speech() -> None:
    """A quarter of the machine for half a minute of one speaker: half of 0.25 and half of what was foreseen."""
    load = MachineLoad(cores=4, workers=4)
    load.begin(1, 0.0)
    end_s = keep_speaking(load, [load.enter(0.0)], 0.0, COST_HALF_LIFE_S)
    assert load.cost(end_s) == pytest.approx((COST_BEFORE_MEASURED + 0.25) / 2)


def test_two_who_speak_share_the_cost_and_show_it_in_half_the_time() -> None:
    load = MachineLoad(cores=4, workers=4)
    load.begin(2, 0.0)
    end_s = keep_speaking(load, [load.enter(0.0), load.enter(0.0)], 0.0, COST_HALF_LIFE_S / 2)
    assert load.cost(end_s) == pytest.approx((COST_BEFORE_MEASURED + 0.25) / 2)


def test_silence_neither_changes_the_cost_nor_forgets_it() -> None:
    load = MachineLoad(cores=4, workers=4)
    load.begin(1, 0.0)
    end_s = keep_speaking(load, [load.enter(0.0)], 0.0, 300.0)
    measured = load.cost(end_s)
    assert measured == pytest.approx(0.25, abs=0.001)
    assert load.cost(end_s + 3600.0) == measured


def test_a_full_machine_does_not_make_its_speakers_look_cheap() -> None:
    """Five share all of it: a fifth for each is what they get, not what they need."""
    load = two_cores()
    load.begin(2, 0.0)
    end_s = keep_speaking(load, [load.enter(0.0) for _ in range(5)], 0.0, 300.0)
    assert load.cost(end_s) == COST_BEFORE_MEASURED


def test_what_a_machine_that_is_full_on_average_does_in_a_moment_of_idleness_is_not_learned_either() -> None:
    load = two_cores()
    load.begin(2, 0.0)
    five = [load.enter(0.0) for _ in range(5)]
    end_s = keep_speaking(load, five, 0.0, 100.0)
    load.end(2, end_s)
    for speaker in five:
        load.hear(speaker, end_s)
    assert load.share(end_s + 1.0) > FULL
    assert load.cost(end_s + 1.0) == COST_BEFORE_MEASURED


def test_what_runs_after_the_last_speaker_fell_silent_is_not_their_cost() -> None:
    load = MachineLoad(cores=4, workers=4)
    load.begin(1, 0.0)
    end_s = keep_speaking(load, [load.enter(0.0)], 0.0, 300.0)
    load.begin(2, end_s)
    assert load.cost(end_s + 60.0) == pytest.approx(0.25, abs=0.001)


def test_one_who_fills_the_machine_alone_is_dear() -> None:
    load = two_cores()
    load.begin(2, 0.0)
    end_s = keep_speaking(load, [load.enter(0.0)], 0.0, 300.0)
    assert load.cost(end_s) == pytest.approx(1.0, abs=0.001)


def test_a_speaker_speaks_from_the_first_words_until_some_seconds_after_the_last() -> None:
    load = two_cores()
    speaker = load.enter(0.0)
    assert load.speaking(0.0) == 0
    load.hear(speaker, 1.0)
    load.hear(speaker, 2.0)
    assert load.speaking(2.0 + SPEAKING_S - 0.1) == 1
    assert load.speaking(2.0 + SPEAKING_S) == 0
    assert load.inside == 1


def test_who_left_neither_speaks_nor_is_inside() -> None:
    load = two_cores()
    speaker = load.enter(0.0)
    load.hear(speaker, 0.0)
    load.leave(speaker, 1.0)
    assert (load.inside, load.speaking(1.0)) == (0, 0)


@given(st.lists(st.tuples(st.sampled_from(["begin", "end", "hear", "look"]), st.floats(0.0, 5.0)), max_size=40))
def test_whatever_happens_shares_stay_shares_and_the_cost_is_never_negative(
    events: list[tuple[str, float]],
) -> None:
    load, at_s, running = two_cores(), 0.0, 0
    speaker = load.enter(0.0)
    for event, after_s in events:
        at_s += after_s
        if event == "begin":
            load.begin(2, at_s)
            running += 1
        elif event == "end" and running:
            load.end(2, at_s)
            running -= 1
        elif event == "hear":
            load.hear(speaker, at_s)
        assert 0.0 <= load.share(at_s) <= 1.0
        assert load.cost(at_s) >= 0.0


class _Voice:
    name, max_batch, threads = "voice", 1, 2

    def run(self, batch: Sequence[str]) -> list[str]:
        return list(batch)


def test_model_calls_are_metered_from_their_beginning_to_their_end() -> None:
    async def slow(model: Any, batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        await anyio.sleep(HALF_LIFE_S)
        return model.run(batch), HALF_LIFE_S

    async def body() -> None:
        load = two_cores()
        assert await Metered(slow, load)(_Voice(), ["one"]) == (["one"], HALF_LIFE_S)
        assert load.share(now()) == pytest.approx(0.5)
        assert load.share(now() + HALF_LIFE_S) == pytest.approx(0.25)

    run_virtual(body())


def test_a_call_that_fails_takes_up_nothing_any_more() -> None:
    async def broken(model: Any, batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        raise RuntimeError

    async def body() -> None:
        load = two_cores()
        with pytest.raises(RuntimeError):
            await Metered(broken, load)(_Voice(), ["one"])
        assert load.share(now() + HALF_LIFE_S) == 0.0

    run_virtual(body())
