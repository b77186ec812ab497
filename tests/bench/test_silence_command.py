"""What `dragoman bench silence` adds up, and what it refuses."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.silence_command import SilenceOutcome, added, figures
from server import cli

HALF_HEARD = SilenceOutcome(10.0, ["you"], [], Counter({"no speech": 2}), 4.0, 0.5)
QUIET = SilenceOutcome(30.0, [], ["I", "I'm"], Counter({"no speech": 1, "loop": 3}), 0.0, 0.3)


def test_outcomes_add_up() -> None:
    total = figures(added([HALF_HEARD, QUIET]))
    assert total == {
        "seconds": 40.0,
        "words": 1,
        "text": "you",
        "tentative": 2,
        "tentative_text": "I I'm",
        "dropped": {"no speech": 3, "loop": 3},
        "heard_s": 4.0,
        "compute_per_second": 0.02,
    }


def test_adding_changes_no_part() -> None:
    added([HALF_HEARD, QUIET])
    assert HALF_HEARD.words == ["you"]
    assert HALF_HEARD.dropped == {"no speech": 2}


@pytest.mark.parametrize("wrong", [["--minutes", "0"], ["--minutes", "nan"], ["--seed", "-1"]])
def test_no_length_is_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["bench", "silence", *wrong]) != 0
    assert wrong[0] in capsys.readouterr().err
