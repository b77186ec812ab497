"""A task group's failure is told as one error."""

import pytest

from streaming.errors import BadInput, first_cause, first_error


def test_an_error_made_on_purpose_comes_out_of_its_groups():
    with pytest.raises(BadInput, match="damaged"), first_error():
        raise ExceptionGroup("session", [KeyError("x"), ExceptionGroup("tasks", [BadInput("damaged")])])


def test_other_failures_stay_together():
    with pytest.raises(ExceptionGroup), first_error():
        raise ExceptionGroup("session", [KeyError("x")])


def test_without_one_made_on_purpose_the_cause_is_the_first():
    first = KeyError("x")
    assert first_cause(ExceptionGroup("session", [ExceptionGroup("tasks", [first]), OSError("y")])) is first
