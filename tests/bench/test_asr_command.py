"""What `dragoman bench asr` makes of recognised clips."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.asr_command import clip_outcome, clip_rows, figures, latency_ms, parser, run
from bench.corpus import Clip
from bench.recognition_run import RecognitionRun
from bench.word_latency import CommittedWord
from streaming.errors import BadInput
from streaming.items import Word


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


def test_no_clips_are_refused() -> None:
    args: argparse.Namespace = parser().parse_args(["--manifest", "m.tsv", "--lang", "en", "--limit", "0"])
    with pytest.raises(BadInput, match="limit"):
        run(args)


@pytest.mark.e2e
def test_a_silent_clip_gives_no_words(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silent.wav", np.zeros(16000, np.float32), 16000)
    (tmp_path / "m.tsv").write_text("path\tlang\ttranscript\nsilent.wav\ten\t\n", "utf-8")
    out = tmp_path / "out.json"
    assert run(parser().parse_args(["--manifest", str(tmp_path / "m.tsv"), "--lang", "en", "--json", str(out)])) == 0
    result = json.loads(out.read_text("utf-8"))
    assert result["word_latency_ms"]["n"] == 0
    assert result["memory_mb"] > 0
