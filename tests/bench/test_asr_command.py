"""What `dragoman bench asr` makes of recognised clips."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from bench import asr_runs
from bench.asr_command import parser, run
from bench.asr_figures import ClipOutcome, clip_outcome, clip_rows, figures, latency_ms
from bench.asr_runs import Setting
from bench.corpus import Clip
from bench.recognition_run import RecognitionRun
from bench.word_latency import CommittedWord
from streaming.errors import BadInput
from streaming.items import Samples, Word


def _outcome(text: str, transcript: str, *, at_s: float = 3.0):  # type: ignore[no-untyped-def]
    words = [Word(one, float(i), i + 1.0) for i, one in enumerate(text.split())]
    clip = Clip("clip", Path("clip.wav"), "en", 4.0, transcript)
    return clip_outcome(clip, RecognitionRun([CommittedWord(word, at_s) for word in words], 1.0), words)


def test_errors_are_counted_over_all_clips_with_a_transcript() -> None:
    outcomes = [_outcome("a b c", "a b d"), _outcome("a", "a"), _outcome("anything else", "")]
    assert figures(outcomes)["wer"] == 0.25


def test_without_any_transcript_there_is_no_word_error_rate() -> None:
    assert figures([_outcome("a", "")])["wer"] is None


def test_the_latency_of_words_and_compute_per_second() -> None:
    row = figures([_outcome("a b", "a b"), _outcome("a", "a", at_s=5.0)])  # 2, 1 and 4 s late
    assert row["word_latency_ms"] == {"p50": 2000, "p95": 3800, "p99": 3960, "n": 3, "mean": 2333}
    assert (row["clips"], row["seconds"], row["compute_per_second"]) == (2, 8.0, 0.25)


def test_without_words_there_is_no_latency() -> None:
    assert latency_ms([]) == {"p50": None, "p95": None, "p99": None, "n": 0, "mean": None}


def test_each_clip_has_its_own_row() -> None:
    rows = clip_rows([_outcome("a", "a"), _outcome("b", "c")])
    assert [(row["clip"], row["wer"], row["text"]) for row in rows] == [("clip", 0.0, "a"), ("clip", 1.0, "b")]


def test_another_policy_is_refused() -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--manifest", "m.tsv", "--lang", "en", "--policy", "guess"])


def test_several_policies_are_named_with_commas_each_once() -> None:
    args = parser().parse_args(["--manifest", "m.tsv", "--lang", "en", "--policy", "offline,align_att,offline"])
    assert args.policy == [Setting("offline"), Setting("align_att")]


def test_a_policy_may_name_its_stride() -> None:
    args = parser().parse_args(["--lang", "en", "--policy", "align_att@1.2,align_att,local_agreement@1"])
    assert args.policy == [Setting("align_att", 1.2), Setting("align_att"), Setting("local_agreement", 1.0)]


def test_the_stride_is_part_of_a_run_s_name_and_offline_has_none() -> None:
    assert Setting("align_att", 1.2).name == {"policy": "align_att", "stride_s": 1.2}
    assert Setting("offline").name == {"policy": "offline"}


@pytest.mark.parametrize(
    "policy", ["align_att@", "align_att@0", "align_att@9", "align_att@nan", "offline@1", "guess@1"]
)
def test_a_stride_that_is_none_is_refused(policy: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--lang", "en", "--policy", policy])


@pytest.mark.parametrize(
    "more",
    [
        ["--minutes", "0"],
        ["--minutes", "nan"],
        ["--minutes", "1", "--speakers", "2"],
        ["--minutes", "1", "--policy", "offline"],
        ["--minutes", "1", "--policy", "align_att,local_agreement"],
        ["--minutes", "1", "--peer", "whisper_live=ws://localhost:9"],
    ],
)
def test_one_stream_is_of_one_streaming_policy_and_has_a_length(more: list[str]) -> None:
    with pytest.raises(BadInput, match="--minutes"):
        run(parser().parse_args(["--manifest", "none.tsv", "--lang", "en", *more]))


def test_what_is_no_peer_is_refused_before_the_manifest_is_read() -> None:
    args = parser().parse_args(["--manifest", "none.tsv", "--lang", "en", "--peer", "whisper"])
    with pytest.raises(BadInput, match="NAME=ADDRESS"):
        run(args)


def test_compute_that_is_not_known_is_null() -> None:
    outcome = _outcome("a", "a")
    unknown = ClipOutcome(
        outcome.clip, RecognitionRun(outcome.run.words, math.nan), outcome.latencies_s, outcome.errors
    )
    assert figures([outcome, unknown])["compute_per_second"] is None


@pytest.mark.parametrize("more", [["--speakers", "2"], ["--peer", "whisper_live=ws://localhost:9"]])
def test_cpu_time_is_of_one_speaker_of_our_own(more: list[str]) -> None:
    with pytest.raises(BadInput, match="--cpu-time"):
        run(parser().parse_args(["--manifest", "none.tsv", "--lang", "en", "--cpu-time", *more]))


def test_no_clips_are_refused() -> None:
    args: argparse.Namespace = parser().parse_args(["--manifest", "m.tsv", "--lang", "en", "--limit", "0"])
    with pytest.raises(BadInput, match="limit"):
        run(args)


def _silence(folder: Path, policies: str) -> dict[str, Any]:
    soundfile.write(folder / "silent.wav", np.zeros(16000, np.float32), 16000)
    manifest, out = folder / "m.tsv", folder / "out.json"
    manifest.write_text("path\tlang\ttranscript\nsilent.wav\ten\t\n", "utf-8")
    args = ["--manifest", str(manifest), "--lang", "en", "--policy", policies, "--json", str(out)]
    assert run(parser().parse_args(args)) == 0
    result: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return result


@pytest.mark.e2e
def test_a_silent_clip_gives_no_words(tmp_path: Path) -> None:
    result = _silence(tmp_path, "align_att")
    assert result["word_latency_ms"]["n"] == 0
    assert result["memory_mb"] > 0
    assert "clock" not in result


@pytest.mark.e2e
def test_several_policies_are_runs_of_one_provenance(tmp_path: Path) -> None:
    result = _silence(tmp_path, "local_agreement,offline")
    assert list(result) == ["runs", "provenance"]
    first, second = result["runs"]
    assert (first["policy"], second["policy"]) == ("local_agreement", "offline")
    assert first["clock"] == second["clock"] == "virtual"
    assert first["memory_mb"] > 0
    assert second["memory_mb"] is None


def test_speakers_at_once_are_of_like_length_and_come_back_in_the_corpus_s_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    together: list[list[float]] = []

    class Recognizer:
        def run_together(self, clips: Sequence[Samples]) -> list[RecognitionRun]:
            together.append([len(samples) for samples in clips])
            return [RecognitionRun(compute_s=len(samples)) for samples in clips]

    monkeypatch.setattr(asr_runs, "_samples", lambda clip: np.zeros(int(clip.seconds), np.float32))
    clips = [Clip(f"{seconds}", Path("clip.wav"), "en", seconds) for seconds in (9.0, 2.0, 8.0, 3.0, 5.0)]
    runs = asr_runs._together(Recognizer(), clips, 2, "policy")  # type: ignore[arg-type]
    assert together == [[2, 3], [5, 8], [9]]
    assert [run.compute_s for run in runs] == [9.0, 2.0, 8.0, 3.0, 5.0]


@pytest.mark.e2e
def test_one_stream_tells_its_memory_and_has_no_word_errors(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(16000, np.float32), 16000)
    manifest, out = tmp_path / "m.tsv", tmp_path / "out.json"
    manifest.write_text("path\tlang\nsilent.wav\ten\n", "utf-8")
    args = ["--manifest", str(manifest), "--lang", "en", "--minutes", "0.2", "--json", str(out)]
    assert run(parser().parse_args(args)) == 0
    result = json.loads(out.read_text("utf-8"))
    assert (result["policy"], result["seconds"], result["words"]) == ("confirmed_align_att", 12.0, 0)
    assert "wer" not in result
