"""Two runs side by side: clear differences are named, chance is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.compare_command import compare, parser, run
from bench.paired_bootstrap import paired_bootstrap
from bench.summary import clip_result
from streaming.errors import BadInput
from tests.bench.recordings import recording


def saved(path: Path, *, late_s: float = 0.0, names: str = "abcdef") -> Path:
    clips = [
        asdict(clip_result(recording(late_s=late_s, name=name), reference="Bom dia a todos", reference_from="manifest",
                           heard_text="bom dia a todos"))
        for name in names
    ]  # fmt: skip
    path.write_text(json.dumps({"clips": clips}))
    return path


def test_a_difference_that_all_clips_have_is_certain() -> None:
    difference = paired_bootstrap([1.0, 2.0, 3.0], [2.0, 3.0, 4.0])
    assert (difference.mean, difference.low, difference.high, difference.rises) == (1, 1, 1, 1)


def test_a_difference_that_falls_both_ways_is_none() -> None:
    difference = paired_bootstrap([0.0] * 10, [1.0, -1.0] * 5)
    assert difference.low < 0 < difference.high


def test_unequal_samples_are_refused() -> None:
    with pytest.raises(ValueError):
        paired_bootstrap([1.0], [1.0, 2.0])


def test_the_slower_run_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = saved(tmp_path / "a.json"), saved(tmp_path / "b.json", late_s=1.0)
    assert run(parser().parse_args([str(a), str(b)])) == 0
    told = {line.split()[0]: line for line in capsys.readouterr().out.splitlines()[1:]}
    assert told["ear_voice_span_s"].endswith("A is better")
    assert "+1.000" in told["ear_voice_span_s"]
    assert told["chrf"].endswith("no clear difference")


def test_json_holds_every_metric(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = saved(tmp_path / "a.json"), saved(tmp_path / "b.json")
    run(parser().parse_args([str(a), str(b), "--json", "-"]))
    told = json.loads(capsys.readouterr().out)
    assert told["clips"] == 6
    assert told["metrics"]["asr_chrf"]["mean"] == 0


def test_runs_without_a_common_clip_are_refused() -> None:
    with pytest.raises(BadInput, match="no clip in common"):
        compare({"a": {}}, {"b": {}})


@pytest.mark.parametrize("content", ["", "[]", "{}"])
def test_what_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(BadInput, match="not a result"):
        run(parser().parse_args([str(tmp_path / "x.json"), str(tmp_path / "x.json")]))
