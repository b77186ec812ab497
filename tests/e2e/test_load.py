"""`dragoman bench load` against a real server with one place: the second speaker is refused, the first goes on."""

from __future__ import annotations

import json
import time
from pathlib import Path

import httpx
import pytest

from bench import load_command, load_knee

pytestmark = pytest.mark.e2e


def test_the_second_speaker_is_refused_and_counted(
    server_url: str, english_talk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A machine that is too slow for one speaker is another test's affair.
    monkeypatch.setattr(load_knee, "BUDGET_MS", 60_000.0)
    monkeypatch.setattr(load_knee, "SHED_MAX", 1.0)
    manifest, out = tmp_path / "clips.tsv", tmp_path / "load.json"
    manifest.write_text(f"path\tlang\n{english_talk}\ten\n", encoding="utf-8")
    options = ["--manifest", str(manifest), "--from", "en", "--to", "pt", "--server", server_url, "--json", str(out)]
    code = load_command.run(load_command.parser().parse_args([*options, "--max-speakers", "3", "--step-seconds", "11"]))
    result = json.loads(out.read_text(encoding="utf-8"))
    print(result)
    assert code == 0
    assert (result["carries"], result["knee"]) == (1, {"speakers": 2, "reasons": ["a join was refused (busy)"]})
    alone, refused = result["steps"]
    assert alone["refused"] == alone["failed"] == refused["failed"] == []
    assert [(trouble["speaker"], trouble["code"]) for trouble in refused["refused"]] == [(2, "busy")]
    for step in (alone, refused):
        assert step["ear_voice_span_ms"]["n"] >= 1
        assert 500 < step["ear_voice_span_ms"]["p50"] < 30_000
        assert 0.02 < step["cpu"] < 64
        assert step["rss_mb"] > 300  # the models
    assert "whisper" in result["provenance"]["models"]
    assert out.with_suffix(".png").read_bytes().startswith(b"\x89PNG")
    assert _left(server_url), "a speaker is still inside after the run"


def _left(server_url: str) -> bool:
    """Whether the server has no speaker any more, within a time in which nobody else would have gone by himself."""
    give_up_s = time.monotonic() + 10
    while time.monotonic() < give_up_s:
        if httpx.get(f"{server_url}/readyz").json()["speakers"] == 0:
            return True
        time.sleep(0.1)
    return False
