"""What of a job and of the server reaches the speech path."""

from __future__ import annotations

from typing import Any, cast

import pytest

from server import local_interpreter
from server.interpreter import Job
from server.load import Models
from server.local_interpreter import LocalInterpreter
from streaming.budget import PRESETS
from streaming.engine import Engine


def test_the_budget_asked_for_and_the_state_of_the_machine_reach_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}
    monkeypatch.setattr(local_interpreter, "SpeechPath", lambda **arguments: given.update(arguments))
    interpreter = LocalInterpreter(cast(Models, None), cast(Engine, None), is_busy=lambda: True)
    interpreter.open_path(Job("en", ("pt",), frozenset({"pt"}), None, budget=PRESETS["fast"]))
    assert given["budget"] == PRESETS["fast"]
    assert given["is_busy"]()
    assert given["targets"][0].speak
