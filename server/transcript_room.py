"""A meeting's transcript as a file: what all its speakers said, with their names, by the time of the meeting."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import assert_never

from server.captions import Cue, without_overlap, writer_for
from server.rooms.store import StoredRoom
from server.transcript_export import Format, cues, date
from server.transcript_lines import Line
from server.transcript_store import StoredTranscript


@dataclass(frozen=True, slots=True)
class _Voice:
    """One who spoke, under one name."""

    name: str
    lines: tuple[Line, ...]
    """on the meeting's time line"""


def export_room(room: StoredRoom, transcripts: Sequence[StoredTranscript], file_format: Format) -> str:
    """The text of the file. `transcripts`: one or more; the meeting's time begins with the first that is kept."""
    begun_at = min(transcript.session.begun_at for transcript in transcripts)
    voices = [_voice(transcript, begun_at) for transcript in transcripts]
    match file_format:
        case "json":
            return json.dumps(_described(room, begun_at, voices), ensure_ascii=False)
        case "txt":
            return _plain(room, begun_at, voices)
        case "vtt" | "srt":
            return writer_for(f".{file_format}")(_cues(voices))
        case _:
            assert_never(file_format)


def _voice(transcript: StoredTranscript, begun_at: float) -> _Voice:
    speaker, later_s = transcript.session.speaker, transcript.session.begun_at - begun_at
    lines = [replace(line, start_s=line.start_s + later_s, end_s=line.end_s + later_s) for line in transcript.lines]
    return _Voice(speaker.name if speaker else "", tuple(lines))


def _spoken(voices: Sequence[_Voice]) -> list[tuple[str, Line]]:
    """Every line with its speaker's name; of one time, an original before its translations."""
    spoken = [(voice.name, line) for voice in voices for line in voice.lines]
    return sorted(spoken, key=lambda each: (each[1].start_s, not each[1].original))


def _described(room: StoredRoom, begun_at: float, voices: Sequence[_Voice]) -> dict[str, object]:
    """All times are milliseconds, as everywhere in a room's interface."""
    return {
        "room": room.id,
        "name": room.name,
        "begun_at": _ms(begun_at),
        "lines": [
            {
                "name": name,
                "original": line.original,
                "language": line.language,
                "text": line.text,
                "start_time": _ms(line.start_s),
                "end_time": _ms(line.end_s),
                "committed_at": _ms(line.said_at),
                "skipped": line.skipped,
            }
            for name, line in _spoken(voices)
        ],
    }


def _plain(room: StoredRoom, begun_at: float, voices: Sequence[_Voice]) -> str:
    """A line each: when it was said, by whom, in which language, and whether the voice left it out."""
    lines = [
        f"{timedelta(seconds=int(line.start_s))} {name} ({line.language}{', not spoken' * line.skipped}): {line.text}"
        for name, line in _spoken(voices)
    ]
    return "\n".join([f"{date(begun_at)} {room.name}", "", *lines, ""])


def _cues(voices: Sequence[_Voice]) -> list[Cue]:
    """Those of several speakers may be shown at once."""
    shown = [replace(cue, speaker=voice.name) for voice in voices for cue in without_overlap(cues(voice.lines))]
    return sorted(shown, key=lambda cue: cue.start_s)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
