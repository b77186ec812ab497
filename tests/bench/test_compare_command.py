"""Two runs side by side: clear differences are named, chance is not."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import pytest

from bench.compare_command import compare, parser, run
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


def test_the_share_of_resamples_counts_the_metric_s_own_better(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slow, quick = saved(tmp_path / "a.json", late_s=1.0), saved(tmp_path / "b.json")
    run(parser().parse_args([str(slow), str(quick), "--json", "-"]))
    metrics = json.loads(capsys.readouterr().out)["metrics"]
    assert metrics["ear_voice_span_s"]["b_better"] == metrics["compute_per_second"]["b_better"] == 1
    assert metrics["chrf"]["b_better"] == 0  # equal: better in none
    assert metrics["ear_voice_span_s"]["verdict"] == "B is better"


def test_only_the_clips_of_both_runs_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    a, b = saved(tmp_path / "a.json", names="abc"), saved(tmp_path / "b.json", names="bcd")
    run(parser().parse_args([str(a), str(b), "--json", "-"]))
    assert json.loads(capsys.readouterr().out)["clips"] == 2


def test_help_tells_how() -> None:
    assert "95 % interval" in parser().format_help()


def test_runs_without_a_common_clip_are_refused() -> None:
    with pytest.raises(BadInput, match="no clip in common"):
        compare({"a": {}}, {"b": {}})


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"clips": [{"name": "a"}]}', '{"clips": [1]}'])
def test_what_is_no_result_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(BadInput, match="not a result"):
        run(parser().parse_args([str(tmp_path / "x.json"), str(tmp_path / "x.json")]))
