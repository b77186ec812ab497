"""What a server says of one clip, as the bench's events on the clip's clock."""

from __future__ import annotations

from bench.events import BenchEvent, BudgetChanged, ClauseHeard, ClauseSkipped, SourceWord, TargetWord
from bench.recording import Recording, Told
from streaming import wire


class ServerMessages:
    """Takes the voice interface's messages, our own notes among them, with the time of their arrival."""

    def __init__(self, recording: Recording, told: Told, *, keep: bool = True) -> None:
        """Without `keep`, the events are told of but not added to the recording."""
        self._recording = recording
        self._keep = keep
        self._told = told
        self._committed: list[float] = []
        """arrival of each target word"""
        self._words_of: dict[int, int] = {}
        """how many words each clause has; skipped ones are told of before earlier ones that still wait to be heard"""

    def push(self, message: wire.Message, at_s: float) -> None:
        """Words, skipped clauses and budget changes; the voice's own messages are the transport's affair."""
        match message:
            case wire.SourceTranscriptUpdate():
                for segment in message.concluded:
                    start_s, end_s, heard_s = _seconds(segment)
                    for word in segment.text.split():
                        self._tell(SourceWord(word, start_s, end_s, heard_s, at_s))
            case wire.TargetTranscriptUpdate():
                for target in message.concluded:
                    start_s, end_s, heard_s = _seconds(target)
                    for word in target.text.split():
                        self._committed.append(at_s)
                        self._tell(TargetWord(word, start_s, end_s, heard_s, at_s))
            case wire.ClauseSkipped():
                self._words_of[message.clause] = len(message.text.split())
                start_s, end_s = message.start_time / 1000, message.end_time / 1000
                self._tell(ClauseSkipped(message.clause, message.text, start_s, end_s, message.reason, at_s))
            case wire.Budget():
                self._tell(BudgetChanged(message.level, message.reason, at_s))

    def hear(self, span: wire.EarVoiceSpan, at_s: float) -> None:
        """The clause that the server announced began to be heard at `at_s`, on the clip's clock."""
        self._words_of[span.clause] = len(span.text.split())
        self._tell(
            ClauseHeard(
                index=span.clause,
                text=span.text,
                source_start_s=span.start_time / 1000,
                source_end_s=span.end_time / 1000,
                heard_s=span.heard_time / 1000,
                committed_s=self._commit_time(span.clause, at_s),
                at_s=at_s,
                duration_s=span.duration / 1000,
                told_span_s=span.seconds,
            )
        )

    def _commit_time(self, clause: int, at_s: float) -> float:
        """When the clause's last word arrived: the clauses in their order are the target words."""
        words = sum(count for index, count in self._words_of.items() if index <= clause)
        return self._committed[min(words, len(self._committed)) - 1] if self._committed else at_s

    def _tell(self, event: BenchEvent) -> None:
        if self._keep:
            self._recording.events.append(event)
        self._told(event)


def _seconds(segment: wire.SourceSegment | wire.TargetSegment) -> tuple[float, float, float]:
    """Start, end, heard; a server that doesn't tell how far it had heard is taken to have heard just the end."""
    heard = segment.end_time if segment.heard_time is None else segment.heard_time
    return segment.start_time / 1000, segment.end_time / 1000, heard / 1000
