"""`dragoman bench degrade` writes a corpus that can be read as the original."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.corpus import read_manifest
from server import cli
from streaming.audio import ASR_RATE_HZ
from tests.asr.sounds import noise


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    for name, rate_hz in (("one", ASR_RATE_HZ), ("two", 48_000)):
        soundfile.write(tmp_path / f"{name}.flac", np.tile(noise(1.0), rate_hz // ASR_RATE_HZ), rate_hz)
    (tmp_path / "one.tsv").write_text("start\tend\ttranscript\n0.1\t0.4\tOne.\n0.5\t0.9\tTwo.\n", "utf-8")
    rows = ["path\tlang\ttranscript\tsegments\ttype", "one.flac\ten\tOne, two.\tone.tsv\tread", "two.flac\ten\t\t\t"]
    (tmp_path / "corpus.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    return tmp_path / "corpus.tsv"


def degrade(manifest: Path, out: Path, how: str, *more: str) -> int:
    command = ["bench", "degrade", "--manifest", str(manifest), "--lang", "en", "--how", how, "--out", str(out)]
    return cli.main([*command, *more])


def test_the_copy_has_the_same_clips_and_words(manifest: Path, tmp_path: Path) -> None:
    assert degrade(manifest, tmp_path / "out" / "lossy", "packet_loss") == 0
    before, _ = read_manifest(manifest, "en", bad="refuse")
    after, _ = read_manifest(tmp_path / "out" / "lossy" / "manifest.tsv", "en", bad="refuse")
    for original, copy in zip(before, after, strict=True):
        assert (copy.name, copy.language, copy.transcript) == (original.name, original.language, original.transcript)
        assert (copy.segments, copy.seconds) == (original.segments, original.seconds)
        assert copy.path.is_relative_to(tmp_path / "out")
    assert [copy.kind for copy in after] == ["read, packet_loss", "packet_loss"]


def test_damages_add_up_and_a_seed_repeats_them(manifest: Path, tmp_path: Path) -> None:
    ways = {"a": ("1", "packet_loss"), "b": ("1", "packet_loss"), "c": ("2", "packet_loss"), "d": ("1", "quiet")}
    for name, (seed, how) in ways.items():
        degrade(manifest, tmp_path / name, f"{how},narrow_band", "--seed", seed)
    sounds = {name: (tmp_path / name / "one.wav").read_bytes() for name in ways}
    assert sounds["a"] == sounds["b"]
    assert len({*sounds.values()}) == 3


def test_an_unknown_way_is_wrong_usage(manifest: Path, tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as leaving:
        degrade(manifest, tmp_path / "out", "louder")
    assert leaving.value.code == cli.USAGE


def test_a_seed_below_zero_is_refused(manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert degrade(manifest, tmp_path / "out", "clipped", "--seed", "-1") != 0
    assert "--seed" in capsys.readouterr().err


def test_a_file_in_the_way_is_refused(manifest: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "out").write_text("", "utf-8")
    assert degrade(manifest, tmp_path / "out", "clipped") != 0
    assert "can't be written" in capsys.readouterr().err
