"""The log of events comes back as it was written."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.events import BudgetChanged, ModelCall, read_log, to_json
from tests.bench.recordings import recording


def test_every_kind_of_event_survives_the_log(tmp_path: Path) -> None:
    events = [*recording().events, BudgetChanged(1, "speaking faster", 2.0), ModelCall("whisper", 1, 0.2, 1.4)]
    path = tmp_path / "log.jsonl"
    path.write_text("".join(to_json("clip", event) + "\n" for event in events), encoding="utf-8")
    assert list(read_log(path)) == [("clip", event) for event in events]


@pytest.mark.parametrize("line", ['{"clip": "a"}', '{"clip": "a", "event": "Nothing"}', "{}"])
def test_a_line_that_is_none_of_ours_is_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "log.jsonl").write_text(line + "\n")
    with pytest.raises(ValueError, match="not a line"):
        list(read_log(tmp_path / "log.jsonl"))
