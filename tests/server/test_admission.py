"""Who is let in, on a machine whose speakers take what the test says, on a clock of its own."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.admission import Admission
from server.machine_load import HALF_LIFE_S, SPEAKING_S, MachineLoad
from streaming.errors import Busy

THREE_FIT = 28
"""hundredths: 3 x 0.28 = 0.84 of the machine, below the 0.9 that are full; 4 x 0.28 = 1.12"""
MEASURED_S = 600
"""so long that what was foreseen of the cost is forgotten"""


class Machine:
    """Every speaker takes `cost` hundredths of it while speaking."""

    def __init__(self, cost: int, max_speakers: int | None = None) -> None:
        self.at_s = 0.0
        load = MachineLoad(cores=100, workers=100)
        self.admission = Admission(load, max_speakers=max_speakers, clock=lambda: self.at_s)
        self._load = load
        self._cost = cost
        self._slots: list[ExitStack] = []
        self._heard: list[Callable[[], None]] = []

    def join(self, *, takes_turns: bool = False) -> None:
        """Raises Busy."""
        slot = ExitStack()
        self._heard.append(slot.enter_context(self.admission.slot(takes_turns=takes_turns)))
        self._slots.append(slot)

    def leave(self) -> None:
        """The one who came last."""
        self._slots.pop().close()
        self._heard.pop()

    def speak(self, seconds: float, speakers: int) -> None:
        """The first so many speak; the others are silent. The last second has just passed."""
        for _ in range(int(seconds)):
            for heard in self._heard[:speakers]:
                heard()
            self._load.begin(self._cost * speakers, self.at_s)
            self.at_s += 1.0
            self._load.end(self._cost * speakers, self.at_s)

    def hush(self, speakers: int) -> None:
        """So many fall silent; the work for their last words goes on until they no longer count as speaking."""
        self._load.begin(self._cost * speakers, self.at_s)
        self.at_s += SPEAKING_S
        self._load.end(self._cost * speakers, self.at_s)

    def refusal(self) -> Busy:
        with pytest.raises(Busy) as refused:
            self.join()
        return refused.value


def measured(cost: int, max_speakers: int | None = None) -> Machine:
    """With one speaker, who has spoken long enough for the cost to be known."""
    machine = Machine(cost, max_speakers)
    machine.join()
    machine.speak(MEASURED_S, 1)
    return machine


def test_where_three_fit_the_third_is_let_in_and_the_fourth_is_not() -> None:
    machine = measured(THREE_FIT)
    for speakers in (2, 3):
        machine.join()
        machine.speak(60, speakers)
    assert machine.refusal().retry_after_s == 15.0
    assert machine.admission.speakers == 3


def test_the_silent_count_for_two_fifths() -> None:
    """One speaks, n are silent, one more comes: 0.28 (1 + 0.4 n + 1) is 0.896 for three of them, 1.008 for four."""
    machine = measured(THREE_FIT)
    for _ in range(4):
        machine.join()
        machine.speak(1, 1)
    machine.refusal()


def test_who_fell_silent_makes_room() -> None:
    machine = measured(THREE_FIT)
    machine.join()
    machine.join()
    machine.speak(60, 3)
    machine.refusal()
    machine.hush(3)
    machine.join()


def test_who_left_makes_room_at_once() -> None:
    machine = measured(THREE_FIT)
    machine.join()
    machine.join()
    machine.speak(60, 3)
    machine.refusal()
    machine.leave()
    machine.join()


def test_before_anything_is_measured_the_cost_is_what_was_foreseen() -> None:
    """0.35 (0.4 n + 1) is 0.77 with three silent inside, 0.91 with four."""
    machine = Machine(THREE_FIT)
    for _ in range(4):
        machine.join()
    machine.refusal()


def test_the_dearest_and_the_cheapest_pair_as_they_were_measured_on_two_cores() -> None:
    english_to_portuguese = measured(50)
    english_to_portuguese.refusal()
    portuguese_to_english = measured(19)
    for speakers in (2, 3, 4):
        portuguese_to_english.join()
        portuguese_to_english.speak(60, speakers)
    portuguese_to_english.refusal()


def test_an_empty_machine_takes_one_however_slow_it_is() -> None:
    machine = measured(100)
    machine.leave()
    machine.join()
    machine.refusal()


def test_all_who_are_let_in_silent_ask_for_less_than_twice_the_machine_when_they_begin_at_once() -> None:
    for cost in range(19, 90):
        machine = measured(cost)
        machine.hush(1)
        while True:
            try:
                machine.join()
            except Busy:
                break
        assert machine.admission.speakers * cost < 200


def test_the_fuller_the_machine_the_longer_is_the_time_to_come_again() -> None:
    """Of six, silent, and one more 0.28 (6 x 0.4 + 1) is 0.05 too much; when they speak, 0.28 x 7 is 1.06 too much."""
    machine = measured(THREE_FIT)
    machine.hush(1)
    for _ in range(5):
        machine.join()
    assert machine.refusal().retry_after_s == 15.0
    machine.speak(1, 6)
    assert machine.refusal().retry_after_s == 4 * 15.0


def test_nobody_is_told_to_wait_for_longer_than_two_minutes() -> None:
    """0.05 (0.4 n + 1) is 0.9 with 42 silent inside; all of them speak: 25 would have to leave."""
    machine = measured(5)
    machine.hush(1)
    for _ in range(42):
        machine.join()
    machine.speak(1, 43)
    assert machine.refusal().retry_after_s == 120.0


def test_a_refusal_says_how_many_are_inside() -> None:
    machine = measured(100)
    assert machine.refusal().reason == (
        "the server is full: with one more than the 1 inside, everyone's translation would come late"
    )


def test_a_hard_limit_holds_on_a_machine_with_room() -> None:
    machine = Machine(1, max_speakers=1)
    machine.join()
    refused = machine.refusal()
    assert (refused.reason, refused.retry_after_s) == ("the server is full: 1 of 1 speakers are inside", 15.0)


def test_a_hard_limit_does_not_lift_what_the_machine_carries() -> None:
    assert "everyone's translation" in measured(100, max_speakers=10).refusal().reason


def test_tentative_work_goes_when_the_machine_is_nearly_full_and_comes_back_after_it() -> None:
    """84 of 100 parts in use pass 0.8 after four half-lives and more (0.84 x 15/16 = 0.79), and are 0.4 one after."""
    machine = measured(THREE_FIT)
    assert not machine.admission.is_busy()
    machine.join()
    machine.join()
    machine.speak(10 * HALF_LIFE_S, 3)
    assert machine.admission.is_busy()
    machine.at_s += HALF_LIFE_S
    assert not machine.admission.is_busy()


def test_a_slot_is_given_back_when_its_session_fails() -> None:
    machine = Machine(1, max_speakers=1)
    with pytest.raises(RuntimeError), machine.admission.slot():
        raise RuntimeError
    machine.admission.check()


@given(st.lists(st.booleans()))
def test_any_coming_and_going_leaves_the_count_right(comings: list[bool]) -> None:
    machine, inside = Machine(1, max_speakers=3), 0
    for coming in comings:
        if not coming and inside:
            machine.leave()
            inside -= 1
        elif coming and inside < 3:
            machine.join()
            inside += 1
        elif coming:
            machine.refusal()
        assert machine.admission.speakers == inside


def test_who_joins_a_conversation_is_let_in_while_another_speaks() -> None:
    machine = Machine(cost=45)
    machine.join()
    machine.join()
    machine.speak(MEASURED_S, speakers=1)
    machine.refusal()
    machine.join(takes_turns=True)  # 45 x (1 + 2 x 0.4) = 81, below 90; a fourth would make it 99
    with pytest.raises(Busy):
        machine.join(takes_turns=True)
