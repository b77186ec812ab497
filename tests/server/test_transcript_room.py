from __future__ import annotations

import json

from server.rooms.store import StoredRoom
from server.transcript_lines import Line
from server.transcript_room import export_room
from server.transcript_store import Session, Speaker, StoredTranscript

BOARD = StoredRoom("bcdf-ghjk-mnpq", "Board", False, "1d", (), 0.0)


def spoke(name: str, begun_at: float, *lines: Line) -> StoredTranscript:
    return StoredTranscript(Session(name, None, (), begun_at, Speaker(BOARD.id, name)), lines)


def said(language: str, text: str, start_s: float, end_s: float) -> Line:
    return Line(language, True, 0, text, start_s, end_s, 1060.0)


def translated(language: str, text: str, start_s: float, end_s: float, *, skipped: bool = False) -> Line:
    return Line(language, False, 0, text, start_s, end_s, 1060.0, skipped)


BEN = spoke(
    "Ben <CFO>",
    1000.0,
    said("en", "Good day.", 1.0, 2.5),
    translated("pt", "Bom dia.", 1.0, 2.5),
    said("en", "Shall we?", 9.0, 10.0),
)
ANA = spoke("Ana", 1005.0, said("pt", "Sim & não.", 1.0, 5.0), translated("en", "Yes", 1.0, 5.0, skipped=True))


def test_text_has_all_speakers_in_the_order_of_the_meeting() -> None:
    assert export_room(BOARD, [BEN, ANA], "txt").splitlines() == [
        "1970-01-01T00:16:40.000+00:00 Board",
        "",
        "0:00:01 Ben <CFO> (en): Good day.",
        "0:00:01 Ben <CFO> (pt): Bom dia.",
        "0:00:06 Ana (pt): Sim & não.",
        "0:00:06 Ana (en, not spoken): Yes",
        "0:00:09 Ben <CFO> (en): Shall we?",
    ]


def test_json_has_names_and_milliseconds() -> None:
    body = json.loads(export_room(BOARD, [BEN, ANA], "json"))
    assert (body["room"], body["name"], body["begun_at"]) == ("bcdf-ghjk-mnpq", "Board", 1_000_000)
    assert body["lines"][3] == {
        "name": "Ana",
        "original": False,
        "language": "en",
        "text": "Yes",
        "start_time": 6000,
        "end_time": 10_000,
        "committed_at": 1_060_000,
        "skipped": True,
    }


def test_captions_have_a_voice_each_and_may_overlap() -> None:
    blocks = export_room(BOARD, [BEN, ANA], "vtt").split("\n\n")
    assert [block.strip().splitlines() for block in blocks[2:] if block] == [
        ["00:00:06.000 --> 00:00:10.000", "<v Ana><c.source>Sim &amp; não.</c>", "Yes"],
        ["00:00:09.000 --> 00:00:10.000", "<v Ben &lt;CFO&gt;><c.source>Shall we?</c>"],
    ]


def test_subtitles_begin_with_the_speakers_name() -> None:
    blocks = export_room(BOARD, [ANA, BEN], "srt").split("\n\n")
    assert blocks[0].splitlines() == ["1", "00:00:01,000 --> 00:00:02,500", "Ben <CFO>: Good day.", "Bom dia."]
    assert blocks[1].splitlines()[2:] == ["Ana: Sim & não.", "Yes"]


def test_the_meeting_begins_with_the_first_who_spoke() -> None:
    assert "\n0:00:01 Ana" in export_room(BOARD, [ANA], "txt")
