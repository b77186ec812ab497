"""Makes the lines of a transcript out of a session's events: sentences, as far as they are committed.

A line comes again, under its old place, when it has grown or when a part of it was not spoken: that part becomes a line
of its own. So nothing that was committed waits for the end of its sentence.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mt.sentences import SentenceCutter
from streaming.items import Clause, ClauseSkipped, Event, Transcript, Translation

_REMEMBERED_WORDS = 1000
"""Some six minutes of speech: a clause that waits to be spoken is younger, and no session grows for ever."""


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence, or the part of one that was or was not spoken."""

    language: str
    original: bool
    """what was said; False: its translation"""
    place: int
    """of its first word among the words said, or among those of the translation into its language"""
    text: str
    start_s: float
    end_s: float
    """the speech that it rests on, in the source stream"""
    said_at: float
    """seconds since the epoch: when its last word was committed"""
    skipped: bool = False
    """not spoken: the voice had to catch up"""


@dataclass(frozen=True, slots=True)
class _Said:
    """One word."""

    language: str
    text: str
    start_s: float
    end_s: float
    at: float


class TranscriptLines:
    """The lines of one session."""

    def __init__(self) -> None:
        self._spoken_language = ""
        self._sentences = SentenceCutter()
        self._originals = _Words(original=True)
        self._translations: defaultdict[str, _Words] = defaultdict(lambda: _Words(original=False))

    def push(self, event: Event, at: float) -> list[Line]:
        """The lines that are new or changed. `at`: seconds since the epoch."""
        match event:
            case Transcript(translated_from=None):
                return self._hear(event, at)
            case Translation(original=False):
                said = [
                    _Said(event.language, word.text, word.source_start_s, word.source_end_s, at)
                    for word in event.committed
                ]
                return self._translations[event.language].add(said, ends=event.sentence_end)
            case ClauseSkipped(clause=clause):
                return self._translations[clause.language].skip(clause)
        return []  # speech, notes, and words that are somebody's already

    def _hear(self, event: Transcript, at: float) -> list[Line]:
        """Cut as translation cuts them, so that the sentences of both languages go together."""
        lines: list[Line] = []
        if event.committed and event.language != self._spoken_language:
            self._spoken_language = event.language
            self._sentences = SentenceCutter()
            self._originals.end_line()
        for piece in self._sentences.push(event.committed, pause=event.utterance_end):
            said = [_Said(event.language, word.text, word.start_s, word.end_s, at) for word in piece.words]
            lines += self._originals.add(said, ends=piece.ends)
        return lines


class _Words:
    """The newest words of one language, and the places at which lines begin."""

    def __init__(self, *, original: bool) -> None:
        self._original = original
        self._words: list[_Said] = []
        self._forgotten = 0
        """the place of the first of them"""
        self._starts = [0]
        """ascending; the last may be the place of the word to come"""
        self._skipped: set[int] = set()
        """those of them whose lines were not spoken"""

    def add(self, words: Iterable[_Said], *, ends: bool) -> list[Line]:
        """The line that the words go on with or begin."""
        begin = self._end
        self._words += words
        changed = self._lines(begin, self._end)
        if ends:
            self.end_line()
        self._forget()
        return changed

    def end_line(self) -> None:
        self._break_at(self._end)

    def skip(self, clause: Clause) -> list[Line]:
        """The lines that the clause is now, and what is left of those that it was in; none for a forgotten one."""
        place = self._place_of(clause)
        if place is None:
            return []
        begin, end = place
        line_begin = self._starts[bisect_right(self._starts, begin) - 1]
        line_end = next((start for start in self._starts if start >= end), self._end)
        self._break_at(begin)
        self._break_at(end)
        self._skipped.update(start for start in self._starts if begin <= start < end)
        return self._lines(line_begin, line_end)

    @property
    def _end(self) -> int:
        return self._forgotten + len(self._words)

    def _break_at(self, place: int) -> None:
        if place not in self._starts:
            insort(self._starts, place)

    def _lines(self, begin: int, end: int) -> list[Line]:
        """Those that have words among the places from `begin` up to `end`."""
        bounds = [*self._starts, self._end]
        return [self._line(start, stop) for start, stop in pairwise(bounds) if max(start, begin) < min(stop, end)]

    def _line(self, start: int, stop: int) -> Line:
        words = self._words[start - self._forgotten : stop - self._forgotten]
        return Line(
            language=words[0].language,
            original=self._original,
            place=start,
            text=_text(words),
            start_s=min(word.start_s for word in words),
            end_s=max(word.end_s for word in words),
            said_at=words[-1].at,
            skipped=start in self._skipped,
        )

    def _place_of(self, clause: Clause) -> tuple[int, int] | None:
        """Where its words begin and end. A clause is told from an earlier one of the same text by its time."""
        length = len(clause.text.split(" "))
        for begin in range(len(self._words) - length, -1, -1):
            words = self._words[begin : begin + length]
            if max(word.end_s for word in words) == clause.source_end_s and _text(words) == clause.text:
                return self._forgotten + begin, self._forgotten + begin + length
        return None

    def _forget(self) -> None:
        """Whole lines, rarely."""
        if len(self._words) < 2 * _REMEMBERED_WORDS:
            return
        keep_from = max(start for start in self._starts if start <= self._end - _REMEMBERED_WORDS)
        del self._words[: keep_from - self._forgotten]
        self._forgotten = keep_from
        self._starts = [start for start in self._starts if start >= keep_from]
        self._skipped = {start for start in self._skipped if start >= keep_from}


def _text(words: Sequence[_Said]) -> str:
    return " ".join(word.text for word in words)
