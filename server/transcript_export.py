"""A stored transcript as a file: JSON with all that is known, plain text to read, captions for a recording."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Literal, assert_never

from server.captions import Cue, caption_text
from server.transcript_lines import Line
from server.transcript_store import StoredTranscript

Format = Literal["json", "txt", "vtt", "srt"]

MEDIA_TYPES: dict[str, Format] = {
    "application/json": "json",
    "text/plain": "txt",
    "text/vtt": "vtt",
    "application/x-subrip": "srt",
}


def export(transcript: StoredTranscript, file_format: Format) -> str:
    """The text of the file. All times but the dates are seconds on the session's clock: when it was said."""
    match file_format:
        case "json":
            return json.dumps(_described(transcript), ensure_ascii=False)
        case "txt":
            return _plain(transcript)
        case "vtt" | "srt":
            return caption_text(f".{file_format}", cues(transcript.lines))
        case _:
            assert_never(file_format)


def _described(transcript: StoredTranscript) -> dict[str, object]:
    session = transcript.session
    return {
        "session_id": session.id,
        "source_language": session.source_language,
        "target_languages": session.target_languages,
        "begun": date(session.begun_at),
        "lines": [
            {
                "kind": "original" if line.original else "translation",
                "language": line.language,
                "text": line.text,
                "start_s": round(line.start_s, 3),
                "end_s": round(line.end_s, 3),
                "committed": date(line.said_at),
                "skipped": line.skipped,
            }
            for line in transcript.lines
        ],
    }


def _plain(transcript: StoredTranscript) -> str:
    """A line each: when it was said, its language, its text, and whether it was left out by the voice."""
    session = transcript.session
    languages = f"{session.source_language or 'undeclared'} to {', '.join(session.target_languages)}"
    lines = [
        f"{timedelta(seconds=int(line.start_s))} {line.language}{' (not spoken)' if line.skipped else ''}: {line.text}"
        for line in transcript.lines
    ]
    return "\n".join([f"{date(session.begun_at)} {languages}", "", *lines, ""])


def cues(lines: Sequence[Line]) -> list[Cue]:
    """One for each sentence said, with its translations; one for a translation of what is not written."""
    originals = sorted((line for line in lines if line.original), key=lambda line: line.end_s)
    ends = [line.end_s for line in originals]
    translated: list[list[Line]] = [[] for _ in originals]
    alone: list[Cue] = []
    for line in lines:
        if line.original:
            continue
        index = bisect_left(ends, line.end_s)
        if index < len(originals) and originals[index].start_s < line.end_s:
            translated[index].append(line)
        else:
            alone.append(Cue(line.start_s, line.end_s, "", line.text))
    together = [
        Cue(said.start_s, said.end_s, said.text, _by_language(translations))
        for said, translations in zip(originals, translated, strict=True)
    ]
    return sorted(together + alone, key=lambda cue: cue.start_s)


def _by_language(lines: Sequence[Line]) -> str:
    """A line of text for each language."""
    texts: dict[str, list[str]] = {}
    for line in lines:
        texts.setdefault(line.language, []).append(line.text)
    return "\n".join(" ".join(parts) for _, parts in sorted(texts.items()))


def date(at: float) -> str:
    """ISO 8601, UTC."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds")
