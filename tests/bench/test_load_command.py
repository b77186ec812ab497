"""Arguments that can't be had are refused before anything starts."""

from __future__ import annotations

import pytest

from bench import load_command
from streaming.errors import BadInput

REQUIRED = ["--from", "en", "--to", "pt"]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (["--max-speakers", "0"], "at least one"),
        (["--step-seconds", "9"], "at least 10"),
        (["--step-seconds", "nan"], "at least 10"),
        (["--step-seconds", "inf"], "at least 10"),
        (["--json", "load.png"], "ends in .json"),
        (["--json", "/nowhere/load.json"], "can't be written"),
        (["--manifest", "/nowhere/clips.tsv"], "can't be read"),
    ],
)
def test_a_load_that_cannot_be_had_is_refused(options: list[str], reason: str) -> None:
    with pytest.raises(BadInput, match=reason):
        load_command.run(load_command.parser().parse_args([*REQUIRED, *options]))
