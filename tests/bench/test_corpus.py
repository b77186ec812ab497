"""A manifest's bad lines are told by their number."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bench.corpus import Problem, Segment, read_manifest
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


SENTENCES = "start\tend\ttranscript\treference\n"


def with_segments(folder: Path, table: str, *, texts: str = "\t") -> Path:
    clip(folder, "one.wav", seconds=5.0)
    (folder / "one.segments.tsv").write_text(table, encoding="utf-8")
    header = "path\tlang\tsegments\ttranscript\treference"
    return manifest(folder, f"one.wav\ten\tone.segments.tsv\t{texts}", header=header)


def test_a_clip_has_its_segments_and_their_texts(tmp_path: Path) -> None:
    table = SENTENCES + "0.5\t1.5\tGOOD DAY.\tBom dia.\n2\t4.25\tSit down.\tSentem-se.\n"
    (only,), _ = read_manifest(with_segments(tmp_path, table), "en", bad="refuse")
    assert only.segments == (
        Segment(0.5, 1.5, "Good day.", "Bom dia."),
        Segment(2.0, 4.25, "Sit down.", "Sentem-se."),
    )
    assert (only.transcript, only.reference) == ("Good day. Sit down.", "Bom dia. Sentem-se.")


def test_a_clip_s_own_texts_come_before_its_segments(tmp_path: Path) -> None:
    path = with_segments(tmp_path, SENTENCES + "0\t1\tHello.\tOlá.\n", texts="Um, hello.\tOi.")
    (only,), _ = read_manifest(path, "en", bad="refuse")
    assert (only.transcript, only.reference) == ("Um, hello.", "Oi.")


def test_segments_need_one_text_only(tmp_path: Path) -> None:
    path = with_segments(tmp_path, "start\tend\ttranscript\n0\t1\tHello.\n1\t2\tGood day.\n")
    (only,), _ = read_manifest(path, "en", bad="refuse")
    assert (only.transcript, only.reference) == ("Hello. Good day.", "")


def test_segments_are_no_column_that_every_line_must_fill(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    path = manifest(tmp_path, "one.wav\ten\t", header="path\tlang\tsegments")
    assert read_manifest(path, "en", bad="refuse")[0][0].segments == ()


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (SENTENCES, "one.segments.tsv holds no segment"),
        ("start\ttranscript\n0\tHello.\n", "lacks the columns end"),
        (SENTENCES + "1\t2\ta\tb\n1\t3\tc\td\n", "tsv:3: times not rising"),
        (SENTENCES + "2\t1\ta\tb\n", "tsv:2: end before start"),
        (SENTENCES + "-1\t1\ta\tb\n", "tsv:2: end before start, or no time"),
        (SENTENCES + "0\tnan\ta\tb\n", "tsv:2: end before start, or no time"),
        (SENTENCES + "0\t1 s\ta\tb\n", "tsv:2: start and end are not both numbers"),
        (SENTENCES + "0\t1\ta\tb\n5\t6\tc\td\n", "tsv:3: it starts after the recording's end"),
        (SENTENCES + "0\t1\t\t\n", "tsv:2: neither transcript nor reference"),
        (SENTENCES + "0\t1\ta\tb\n1\t2\tc\t\n", "tsv:3: a reference in some lines and none in others"),
        (SENTENCES + "0\t1\ta\n", "tsv:2: fewer fields"),
    ],
)
def test_bad_segments_are_a_problem_of_their_clip_s_line(tmp_path: Path, table: str, reason: str) -> None:
    path = with_segments(tmp_path, table, texts="Hello.\tOlá.")
    with path.open("a", encoding="utf-8") as lines:
        lines.write("one.wav\ten\tgone.tsv\tHello.\tOlá.\none.wav\ten\t\tHello.\tOlá.\n")
    clips, problems = read_manifest(path, "en", bad="skip")
    assert len(clips) == 1
    assert [problem.line for problem in problems] == [2, 3]
    assert reason in problems[0].reason
    assert "missing file" in problems[1].reason
    with pytest.raises(BadInput, match=re.escape(f"manifest.tsv:2: {problems[0].reason}")):
        read_manifest(path, "en", bad="refuse")


def test_a_line_with_too_few_fields_is_a_problem(tmp_path: Path) -> None:
    clip(tmp_path, "one.wav")
    path = manifest(tmp_path, "one.wav\ten\thello\tolá", "one.wav\ten\thello", "one.wav", "", "one.wav\tpt")
    clips, problems = read_manifest(path, "en", bad="skip")
    assert len(clips) == 1
    assert problems == [Problem(3, "fewer fields than the header has"), Problem(4, "fewer fields than the header has")]
