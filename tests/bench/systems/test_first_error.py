"""A task group's failure is told as one error."""

import pytest

from bench.systems.first_error import first_error
from streaming.errors import BadInput


def test_an_error_made_on_purpose_comes_out_of_its_groups():
    with pytest.raises(BadInput, match="damaged"), first_error():
        raise ExceptionGroup("session", [KeyError("x"), ExceptionGroup("tasks", [BadInput("damaged")])])


def test_other_failures_stay_together():
    with pytest.raises(ExceptionGroup), first_error():
        raise ExceptionGroup("session", [KeyError("x")])
