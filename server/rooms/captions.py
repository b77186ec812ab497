"""One speaker's words and their translations as caption messages, sentence by sentence. No I/O.

A translation rests on source words, whose times say which sentence it belongs to: so the sentences of all languages go
together, whenever a language was added.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from mt.sentences import SentenceCutter
from streaming.items import ClauseSkipped, Transcript, Translation

_REMEMBERED_SENTENCES = 200
"""Some twenty minutes of speech; a translation is seconds behind."""

_SAME_S = 0.01

Caption = dict[str, Any]
"""The body of a message `caption` or `skipped`, without what only the room knows: `seq`, `participant`, `name`."""


@dataclass(slots=True)
class _Text:
    """What one language has shown so far."""

    sentence: int
    """the one that is open or comes next"""
    begun: bool = False
    """it has committed words"""
    tentative: str = ""
    end_s: float = 0.0


@dataclass(frozen=True, slots=True)
class _Begin:
    number: int
    start_s: float


@dataclass(slots=True)
class SpeakerCaptions:
    """The captions of one stretch of speech in one language."""

    begins_s: float = 0.0
    """the meeting's time at which the stream of this speech began"""
    first_sentence: int = 0
    _cutter: SentenceCutter = field(default_factory=SentenceCutter)
    _begins: deque[_Begin] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_SENTENCES))
    _texts: dict[str, _Text] = field(default_factory=dict)

    def push(self, event: Transcript | Translation) -> list[Caption]:
        """What there is to show; nothing where nothing changed."""
        match event:
            case Transcript():
                return self._hear(event)
            case Translation(original=True):
                return []  # shown already, as what it is
            case Translation():
                return self._translate(event)

    def skip(self, event: ClauseSkipped) -> Caption:
        clause = event.clause
        return {
            "sentence": self._sentence_at(clause.source_start_s),
            "language": clause.language,
            "text": clause.text,
            "reason": event.reason,
        }

    def _hear(self, event: Transcript) -> list[Caption]:
        text = self._texts.setdefault("", _Text(self.first_sentence))
        shown: list[Caption] = []
        for piece in self._cutter.push(event.committed, pause=event.utterance_end):
            if piece.words and not text.begun:
                self._begins.append(_Begin(text.sentence, piece.words[0].start_s))
            words = [(word.text, word.start_s, word.end_s) for word in piece.words]
            shown += self._show(event.language, text, words, "", ends=piece.ends, original=True)
        tentative = " ".join(word.text for word in event.tentative)
        shown += self._show(event.language, text, [], tentative, ends=False, original=True)
        # Recognition's own translation is no original: whoever asked for it gets it as a translation.
        return [] if event.translated_from else shown

    def _translate(self, event: Translation) -> list[Caption]:
        text = self._texts.setdefault(event.language, _Text(self._newest))
        words = [(word.text, word.source_start_s, word.source_end_s) for word in event.committed]
        if words and not text.begun:
            text.sentence = self._sentence_at(words[0][1])
        # A sentence of which nothing is left, such as "Uh.", doesn't end anything.
        ends = event.sentence_end and (text.begun or bool(words))
        return self._show(event.language, text, words, event.tentative, ends=ends)

    def _show(
        self,
        language: str,
        text: _Text,
        words: list[tuple[str, float, float]],
        tentative: str,
        *,
        ends: bool,
        original: bool = False,
    ) -> list[Caption]:
        if not words and not ends and tentative == text.tentative:
            return []
        written = " ".join(word for word, _, _ in words)
        start_s = words[0][1] if words else text.end_s
        text.end_s = max(text.end_s, words[-1][2]) if words else text.end_s
        caption = {
            "sentence": text.sentence,
            "language": language,
            "original": original,
            "text": f" {written}" if written and text.begun else written,
            "tentative": "" if ends else tentative,
            "ends": ends,
            "start_time": self._ms(start_s),
            "end_time": self._ms(text.end_s),
        }
        text.begun = (text.begun or bool(words)) and not ends
        text.sentence += ends
        text.tentative = "" if ends else tentative
        return [caption]

    def _sentence_at(self, position_s: float) -> int:
        """The number of the sentence that was being said there."""
        begun = (begin.number for begin in reversed(self._begins) if begin.start_s <= position_s + _SAME_S)
        return next(begun, self.first_sentence)

    @property
    def _newest(self) -> int:
        return self._begins[-1].number if self._begins else self.first_sentence

    def _ms(self, position_s: float) -> int:
        return round(1000 * (self.begins_s + position_s))


@dataclass(slots=True)
class CaptionLog:
    """The newest captions of a room, numbered, for who comes back after a lost connection."""

    most: int = 800
    """a quarter of an hour of a lively meeting, and fewer than a seat's messages: who comes back can take them all"""
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _recent: deque[tuple[str, Caption]] = field(init=False)

    def __post_init__(self) -> None:
        self._recent = deque(maxlen=self.most)

    def add(self, kind: str, body: Caption) -> Caption:
        """The body with its `seq`. Tentative text alone is not kept: it would be replaced anyway."""
        numbered = {"seq": next(self._numbers), **body}
        if kind != "caption" or body["text"] or body["ends"]:
            self._recent.append((kind, numbered))
        return numbered

    def since(self, seen: int) -> list[tuple[str, Caption]]:
        """Kind and body of what came after, oldest first, without tentative text, which is over."""
        return [
            (kind, body | {"tentative": ""} if "tentative" in body else body)
            for kind, body in self._recent
            if body["seq"] > seen
        ]
