from __future__ import annotations

from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.admission import Admission
from streaming.errors import Busy


def test_one_speaker_too_many_is_refused_with_a_time_to_come_again() -> None:
    admission = Admission(1)
    with admission.slot(), pytest.raises(Busy) as refused, admission.slot():
        pass
    assert refused.value.retry_after_s > 0


def test_a_slot_is_given_back_when_its_session_fails() -> None:
    admission = Admission(1)
    with pytest.raises(RuntimeError), admission.slot():
        raise RuntimeError
    admission.check()


@given(st.lists(st.booleans()))
def test_any_coming_and_going_leaves_the_count_right(comings: list[bool]) -> None:
    admission, inside = Admission(3), list[ExitStack]()
    for coming in comings:
        if not coming and inside:
            inside.pop().close()
        elif coming and len(inside) < 3:
            stack = ExitStack()
            stack.enter_context(admission.slot())
            inside.append(stack)
        elif coming:
            with pytest.raises(Busy):
                admission.check()
        assert admission.speakers == len(inside)
