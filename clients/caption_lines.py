"""Concluded transcript segments as lines for a terminal: a sentence a line, as they are concluded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from streaming import wire

_SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
LINE_CHARACTERS = 100
"""a longer sentence is broken after the word that reaches this"""
_TAG_WIDTH = 6


@dataclass(slots=True)
class _Line:
    text: str = ""

    def add(self, text: str) -> str | None:
        """The whole line, once it is one."""
        glue = "" if not self.text or text[:1].isspace() or self.text[-1:].isspace() else " "
        self.text += glue + text
        if self.text.rstrip().endswith(_SENTENCE_ENDS) or len(self.text) >= LINE_CHARACTERS:
            return self.take()
        return None

    def take(self) -> str:
        line, self.text = self.text.strip(), ""
        return line


class CaptionLines:
    """Each language builds its line on its own; marked with its tag."""

    def __init__(self) -> None:
        self._lines: dict[str, _Line] = {}

    def push(self, message: wire.SourceTranscriptUpdate | wire.TargetTranscriptUpdate) -> list[str]:
        """The lines that this update completes."""
        match message:
            case wire.SourceTranscriptUpdate(concluded=segments):
                pieces = [(segment.language, segment.text) for segment in segments]
            case wire.TargetTranscriptUpdate(language=language, concluded=concluded):
                pieces = [(language, segment.text) for segment in concluded]
            case _:
                assert_never(message)
        done = ((language, self._lines.setdefault(language, _Line()).add(text)) for language, text in pieces)
        return [_marked(language, line) for language, line in done if line]

    def flush(self) -> list[str]:
        """The lines that were never completed."""
        return [_marked(language, line.take()) for language, line in self._lines.items() if line.text.strip()]


def _marked(language: str, line: str) -> str:
    return f"{language:<{_TAG_WIDTH}}{line}"
