"""Caption files: formats, times, escaping, overlap."""

import json

import pytest

from server.captions import Cue, write_captions
from streaming.errors import BadInput

CUES = [Cue(1.5, 2.25, "Fish & chips <now>", "Peixe e fritas"), Cue(3661.001, 3663.0, "Later", "Depois")]


def test_webvtt_has_header_times_and_escaped_text(tmp_path) -> None:
    write_captions(tmp_path / "c.vtt", CUES)
    text = (tmp_path / "c.vtt").read_text()
    assert text.startswith("WEBVTT\n\n00:00:01.500 --> 00:00:02.500\n")
    assert "Fish &amp; chips &lt;now&gt;" in text
    assert "01:01:01.001 --> 01:01:03.000" in text


def test_srt_numbers_its_cues_and_has_commas(tmp_path) -> None:
    write_captions(tmp_path / "c.srt", CUES)
    blocks = (tmp_path / "c.srt").read_text().split("\n\n")
    assert blocks[0].splitlines() == ["1", "00:00:01,500 --> 00:00:02,500", "Fish & chips <now>", "Peixe e fritas"]
    assert blocks[1].startswith("2\n")


def test_a_cue_without_source_text_has_no_empty_line_in_srt(tmp_path) -> None:
    write_captions(tmp_path / "c.srt", [Cue(0.0, 1.0, "", "Good day.")])
    assert (tmp_path / "c.srt").read_text().splitlines() == ["1", "00:00:00,000 --> 00:00:01,000", "Good day."]


def test_jsonl_is_one_object_a_line(tmp_path) -> None:
    write_captions(tmp_path / "c.jsonl", CUES)
    lines = [json.loads(line) for line in (tmp_path / "c.jsonl").read_text().splitlines()]
    assert [line["target"] for line in lines] == ["Peixe e fritas", "Depois"]


def test_a_short_cue_is_shown_longer_but_not_into_the_next(tmp_path) -> None:
    write_captions(tmp_path / "c.jsonl", [Cue(1.0, 1.1, "a", "b"), Cue(1.4, 1.5, "c", "d")])
    first, second = map(json.loads, (tmp_path / "c.jsonl").read_text().splitlines())
    assert first["end_s"] == 1.4
    assert second["end_s"] == 2.4


def test_another_format_is_refused(tmp_path) -> None:
    with pytest.raises(BadInput, match=r"\.ass"):
        write_captions(tmp_path / "c.ass", CUES)
