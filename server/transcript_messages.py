"""What a speech path says in words, as messages of the voice interface: transcripts, and our own notes on latency."""

from __future__ import annotations

from collections.abc import Mapping

from streaming.items import BudgetChanged, Clause, ClausePlayed, ClauseSkipped, Event, Transcript, Translation
from streaming.language import primary
from streaming.wire import (
    Budget,
    EarVoiceSpan,
    EndOfSourceTranscript,
    EndOfTargetTranscript,
    ServerMessage,
    SourceSegment,
    SourceTranscriptUpdate,
    TargetSegment,
    TargetTranscriptUpdate,
)
from streaming.wire import ClauseSkipped as ClauseSkippedMessage


class TranscriptMessages:
    """Concludes words as they are committed. Languages go out as the tags that the client asked for.

    The texts of the concluded segments are made to be joined as they are: all but the first begin with a space.
    """

    def __init__(self, *, source: str | None, targets: Mapping[str, str], notes: bool) -> None:
        """`source`: the client's tag, if any; a language that was found goes by its primary one.

        `targets`: primary language to the client's tag; `notes`: also our own messages.
        """
        self._source_tags = {primary(source): source} if source else {}
        self._source = _Transcript()
        self._target_tags = dict(targets)
        self._targets = {language: _Transcript() for language in targets}
        self._notes = notes
        self._heard_until_s = 0.0

    def push(self, event: Event) -> list[ServerMessage]:
        """The messages that an event stands for; none for speech."""
        match event:
            case Transcript():
                return self._transcript(event)
            case Translation():
                return self._translation(event)
        return self._note(event) if self._notes else []

    def flush(self) -> list[ServerMessage]:
        """No more words will come."""
        return [EndOfSourceTranscript(), *(EndOfTargetTranscript(tag) for tag in self._target_tags.values())]

    def _transcript(self, event: Transcript) -> list[ServerMessage]:
        concluded = [(word.text, word.start_s, word.end_s) for word in event.committed]
        tentative = [(word.text, word.start_s, word.end_s) for word in event.tentative]
        self._heard_until_s = max([self._heard_until_s, *(end_s for _, _, end_s in concluded + tentative)])
        if event.translated_from is not None:
            return []  # no source text: whoever asked for English gets it as a translation
        update = self._source.push(concluded, tentative)
        if update is None:
            return []
        heard = _ms(event.heard_s) if self._notes else None
        tag = self._source_tags.get(event.language, event.language)
        return [
            SourceTranscriptUpdate(
                concluded=tuple(SourceSegment(tag, *segment, heard) for segment in update[0]),
                tentative=tuple(SourceSegment(tag, *segment) for segment in update[1]),
            )
        ]

    def _translation(self, event: Translation) -> list[ServerMessage]:
        transcript = self._targets[event.language]
        concluded = [(word.text, word.source_start_s, word.source_end_s) for word in event.committed]
        begin_s = concluded[-1][2] if concluded else transcript.concluded_until_s
        tentative = [(event.tentative, begin_s, max(begin_s, self._heard_until_s))] if event.tentative else []
        update = transcript.push(concluded, tentative)
        if update is None:
            return []
        heard = _ms(event.committed[-1].heard_s) if self._notes and event.committed else None
        return [
            TargetTranscriptUpdate(
                language=self._target_tags[event.language],
                concluded=tuple(TargetSegment(*segment, heard) for segment in update[0]),
                tentative=tuple(TargetSegment(*segment) for segment in update[1]),
            )
        ]

    def _note(self, event: Event) -> list[ServerMessage]:
        match event:
            case ClausePlayed(clause=clause):
                return [
                    EarVoiceSpan(
                        language=self._tag(clause),
                        seconds=round(event.ear_voice_span_s, 3),
                        clause=clause.index,
                        text=clause.text,
                        start_time=_ms(clause.source_start_s),
                        end_time=_ms(clause.source_end_s),
                        heard_time=_ms(clause.heard_s),
                        duration=_ms(event.duration_s),
                    )
                ]
            case BudgetChanged():
                return [Budget(event.level, event.reason)]
            case ClauseSkipped(clause=clause):
                begin, end = _ms(clause.source_start_s), _ms(clause.source_end_s)
                return [ClauseSkippedMessage(self._tag(clause), clause.index, clause.text, begin, end, event.reason)]
        return []

    def _tag(self, clause: Clause) -> str:
        return self._target_tags[clause.language]


Timed = tuple[str, float, float]
"""Text, start, end; seconds coming in, ms going out."""


class _Transcript:
    """The text so far of one language."""

    def __init__(self) -> None:
        self.concluded_until_s = 0.0
        self._begun = False
        self._tentative: list[Timed] = []

    def push(self, concluded: list[Timed], tentative: list[Timed]) -> tuple[list[Timed], list[Timed]] | None:
        """Concluded and tentative segments, one of each at most; None where nothing changed."""
        if not concluded and tentative == self._tentative:
            return None
        self._tentative = tentative
        concluded_segments = self._segments(concluded)
        if concluded:
            self._begun = True
            self.concluded_until_s = concluded[-1][2]
        return concluded_segments, self._segments(tentative)

    def _segments(self, words: list[Timed]) -> list[Timed]:
        if not words:
            return []
        text = " ".join(text for text, _, _ in words)
        return [(f" {text}" if self._begun else text, _ms(words[0][1]), _ms(words[-1][2]))]


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
