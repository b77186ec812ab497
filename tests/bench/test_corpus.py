"""A manifest's bad lines are told by their number."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.corpus import read_manifest
from streaming.errors import BadInput


def clip(folder: Path, name: str, *, rate_hz: int = 16_000, seconds: float = 1.0) -> None:
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / name, np.zeros(round(rate_hz * seconds), np.float32), rate_hz)


def manifest(folder: Path, *lines: str, header: str = "path\tlang\ttranscript\treference") -> Path:
    path = folder / "manifest.tsv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_the_clips_of_a_language_are_read_with_their_lengths(tmp_path: Path) -> None:
    clip(tmp_path, "en/one.wav", seconds=1.5)
    path = manifest(tmp_path, "en/one.wav\ten-US\tGOOD DAY\tBom dia", "pt/two.wav\tpt\tBom dia\t")
    (only,), problems = read_manifest(path, "en", bad="refuse")
    assert (only.name, only.seconds, only.transcript, only.reference) == ("one", 1.5, "Good day", "Bom dia")
    assert problems == []


def test_columns_that_are_optional_may_be_missing(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    ((only,), _) = read_manifest(manifest(tmp_path, "one.wav\ten", header="path\tlang"), "en", bad="refuse")
    assert only.transcript == only.reference == ""


def test_every_bad_line_is_named(tmp_path: Path) -> None:
    clip(tmp_path, "good.wav")
    clip(tmp_path, "slow.wav", rate_hz=4000)
    clip(tmp_path, "silent.wav", seconds=0)
    (tmp_path / "text.wav").write_text("no audio")
    path = manifest(
        tmp_path,
        "good.wav\ten\thello\tolá",
        "gone.wav\ten\thello\tolá",
        "slow.wav\ten\thello\tolá",
        "silent.wav\ten\thello\tolá",
        "text.wav\ten\thello\tolá",
        "good.wav\ten\thello\t",
        "good.wav\t???\thello\tolá",
        "good.wav\ten\thello\tolá\tmore",
    )
    with pytest.raises(BadInput) as refused:
        read_manifest(path, "en", bad="refuse")
    clips, problems = read_manifest(path, "en", bad="skip")
    assert [one.name for one in clips] == ["good"]
    assert [problem.line for problem in problems] == [3, 4, 5, 6, 7, 8, 9]
    for problem, what in zip(
        problems,
        ("missing file", "wrong rate", "no audio", "as audio", "empty reference", "", "more fields"),
        strict=True,
    ):
        assert what in problem.reason
        assert f"manifest.tsv:{problem.line}: {problem.reason}" in refused.value.reason


def test_two_clips_of_one_name_are_told_apart(tmp_path: Path) -> None:
    clip(tmp_path, "a/one.wav")
    clip(tmp_path, "b/one.wav")
    path = manifest(tmp_path, "a/one.wav\ten", "b/one.wav\ten", header="path\tlang")
    assert [one.name for one in read_manifest(path, "en", bad="refuse")[0]] == ["one", "one-3"]


@pytest.mark.parametrize("header", ["path\ttranscript", "lang"])
def test_a_header_without_the_needed_columns_is_refused(tmp_path: Path, header: str) -> None:
    with pytest.raises(BadInput, match="header"):
        read_manifest(manifest(tmp_path, "x\ty", header=header), "en", bad="skip")


def test_a_corpus_without_a_clip_of_the_language_is_refused(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    with pytest.raises(BadInput, match="no clip in pt"):
        read_manifest(manifest(tmp_path, "one.wav\ten", header="path\tlang"), "pt", bad="skip")
    with pytest.raises(BadInput, match="can't be read"):
        read_manifest(tmp_path / "none.tsv", "en", bad="skip")


def test_a_name_made_unique_is_not_another_clips(tmp_path: Path) -> None:
    for name in ("c/one-4.wav", "a/one.wav", "b/one.wav"):
        clip(tmp_path, name)
    path = manifest(tmp_path, "c/one-4.wav\ten", "a/one.wav\ten", "b/one.wav\ten", header="path\tlang")
    assert [one.name for one in read_manifest(path, "en", bad="refuse")[0]] == ["one-4", "one", "one-4-4"]


def test_a_path_may_start_at_a_folder_above_the_manifest(tmp_path: Path) -> None:
    clip(tmp_path, "corpus/audio/one.wav")
    path = manifest(tmp_path / "corpus" / "audio", "audio/one.wav\ten", header="path\tlang")
    assert read_manifest(path, "en", bad="refuse")[0][0].path == tmp_path / "corpus" / "audio" / "one.wav"


def test_an_empty_reference_is_no_problem_where_only_another_language_has_one(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    path = manifest(tmp_path, "one.wav\ten\thello\t", "two.wav\tpt\tolá\thello")
    assert read_manifest(path, "en", bad="refuse")[1] == []


def test_a_quote_in_a_transcript_is_a_character_like_any_other(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    clip(tmp_path, "two.wav")
    path = manifest(tmp_path, 'one.wav\ten\t"Yes, she said\t', "two.wav\ten\tNo.\t")
    assert [one.transcript for one in read_manifest(path, "en", bad="refuse")[0]] == ['"Yes, she said', "No."]


def test_a_byte_order_mark_is_no_part_of_the_header(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    path = manifest(tmp_path, "one.wav\ten", header="\ufeffpath\tlang")
    assert len(read_manifest(path, "en", bad="refuse")[0]) == 1


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"path\tlang\n\xe9.wav\ten\n"])
def test_a_manifest_that_is_not_utf_8_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "manifest.tsv"
    path.write_bytes(content)
    with pytest.raises(BadInput, match="not UTF-8"):
        read_manifest(path, "en", bad="skip")
