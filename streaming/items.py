"""What flows through the pipeline, one frozen dataclass a stage boundary.

Times named `*_s` inside items are positions in the source stream in seconds (sample position / rate), unless the
field's text says clock: then they are seconds of the event loop's clock (see `streaming.clock`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]
"""Mono PCM in [-1, 1], shape (n,)."""


@dataclass(frozen=True, slots=True)
class AudioChunk:
    """A piece of source audio, 16 kHz."""

    samples: Samples
    start: int
    """position of the first sample in the source stream, in samples"""


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised source word with its punctuation, no white space around it."""

    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """What recognition adds: newly committed words (each comes once, never changes) and the tentative rest."""

    language: str
    """of the words"""
    committed: tuple[Word, ...] = ()
    tentative: tuple[Word, ...] = ()
    """replaces the tentative words of the previous Transcript"""
    utterance_end: bool = False
    """the speaker paused: all of the utterance is committed, translation may conclude"""
    heard_s: float = 0.0
    """how far recognition had heard the source when it said this"""
    translated_from: str | None = None
    """the language spoken, where the words are recognition's own translation of it; None: they are what was said"""

    @property
    def spoken_language(self) -> str:
        return self.translated_from or self.language


@dataclass(frozen=True, slots=True)
class TargetWord:
    """One committed target word with its punctuation, and the source speech it rests on."""

    text: str
    source_start_s: float
    """start of the first source word read since the previous target word"""
    source_end_s: float
    """end of the last source word read when this one was written"""
    heard_s: float = 0.0
    """how far the source had been heard then: the newest audio that this word rests on"""


@dataclass(frozen=True, slots=True)
class Translation:
    """What translation adds: newly committed target words and the tentative continuation."""

    language: str
    committed: tuple[TargetWord, ...] = ()
    tentative: str = ""
    """replaces the tentative text of the previous Translation"""
    sentence_end: bool = False
    """the target sentence is complete after these words"""
    original: bool = False
    """the speaker's own words, which were in this language already: shown, not spoken"""


@dataclass(frozen=True, slots=True)
class Clause:
    """A speakable piece of committed target text."""

    index: int
    """0, 1, 2 ... within one session and language"""
    language: str
    text: str
    source_start_s: float
    source_end_s: float
    committed_at_s: float
    """clock: when its last word was committed"""
    sentence_end: bool
    """False: more of the sentence follows, the voice must not fall"""
    heard_s: float = 0.0
    """the newest audio that its words rest on"""


@dataclass(frozen=True, slots=True)
class Speech:
    """A clause's voice, mono float32 at `streaming.audio.SPEECH_RATE_HZ`."""

    clause: Clause
    samples: Samples
    tempo: float = 1.0
    """speaking rate at which it was made, 1.0 = the voice's natural rate"""


@dataclass(frozen=True, slots=True)
class SpeechFrame:
    """20 ms of translated voice, sent out at the moment it should be heard."""

    language: str
    samples: Samples
    at_s: float
    """clock: when the frame is played"""
    starts: Clause | None = None
    """the clause that begins with this frame"""
    ends: bool = False
    """the clause ends in this frame: its length is not known before, as its pace may change while it plays"""


@dataclass(frozen=True, slots=True)
class ClausePlayed:
    """A clause began to play: the ear-voice span of it is now known."""

    clause: Clause
    played_at_s: float
    """clock"""
    duration_s: float
    """how long it will last at the pace at which it begins; the budget may change the pace while it plays"""
    ear_voice_span_s: float
    """played_at_s minus the capture time of the end of the clause's last source word"""


@dataclass(frozen=True, slots=True)
class ClauseSkipped:
    """A clause that will not be spoken, to catch up; its caption stays."""

    clause: Clause
    reason: str


@dataclass(frozen=True, slots=True)
class BudgetChanged:
    """The latency budget moved to another level of its ladder."""

    level: int
    reason: str
    """one line that a person understands"""
    predicted_span_s: float
    language: str = ""
    """the target whose budget it is"""


Event = Transcript | Translation | SpeechFrame | ClausePlayed | ClauseSkipped | BudgetChanged
"""All that a speech path tells its session."""
