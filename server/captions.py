"""Caption files: WebVTT (W3C), SubRip and JSON lines, source and target side by side."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from streaming.errors import BadInput

_SHOWN_AT_LEAST_S = 1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """A clause's caption."""

    start_s: float
    end_s: float
    """when it is heard, on the input's time line"""
    source: str
    """empty: what was said is not written"""
    target: str
    speaker: str = ""
    """empty: there is but one"""


def write_captions(path: Path, cues: Sequence[Cue]) -> None:
    """In the format of the path's ending. Raises BadInput for another ending than .vtt, .srt or .jsonl."""
    path.write_text(caption_text(path.suffix, cues), encoding="utf-8")


def caption_text(ending: str, cues: Sequence[Cue]) -> str:
    """What `write_captions` writes."""
    return writer_for(ending)(without_overlap(cues))


def writer_for(ending: str) -> Callable[[Iterable[Cue]], str]:
    """Raises BadInput for an ending that names no caption format."""
    match ending.lower():
        case ".vtt":
            return _vtt
        case ".srt":
            return _srt
        case ".jsonl":
            return _jsonl
        case other:
            raise BadInput(f"captions can be written as .vtt, .srt or .jsonl, not {other or 'without an ending'!r}")


def without_overlap(cues: Sequence[Cue]) -> list[Cue]:
    """Each cue is shown for a readable time, but never into the next one."""
    shown = []
    for index, cue in enumerate(cues):
        end = max(cue.end_s, cue.start_s + _SHOWN_AT_LEAST_S)
        if index + 1 < len(cues):
            end = max(min(end, cues[index + 1].start_s), cue.start_s)
        shown.append(replace(cue, end_s=end))
    return shown


def _vtt(cues: Iterable[Cue]) -> str:
    blocks = [
        f"{_time(cue.start_s, '.')} --> {_time(cue.end_s, '.')}\n"
        f"{_voice(cue)}<c.source>{_escaped(cue.source)}</c>\n{_escaped(cue.target)}\n"
        for cue in cues
    ]
    return "\n".join(["WEBVTT\n", *blocks])


def _voice(cue: Cue) -> str:
    """A span that reaches to the end of the cue (WebVTT, section 4.2.2)."""
    return f"<v {_escaped(cue.speaker)}>" if cue.speaker else ""


def _srt(cues: Iterable[Cue]) -> str:
    return "\n".join(
        f"{number}\n{_time(cue.start_s, ',')} --> {_time(cue.end_s, ',')}\n{_lines(cue)}\n"
        for number, cue in enumerate(cues, start=1)
    )


def _lines(cue: Cue) -> str:
    """A line that is empty would end the cue."""
    text = "\n".join(line for line in (cue.source, cue.target) if line)
    return f"{cue.speaker}: {text}" if cue.speaker else text


def _jsonl(cues: Iterable[Cue]) -> str:
    fields = ({name: value for name, value in asdict(cue).items() if name != "speaker" or value} for cue in cues)
    return "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in fields)


def _time(seconds: float, point: str) -> str:
    ms = round(seconds * 1000)
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}{point}{ms % 1000:03d}"


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
