"""What the routes need of the speech machinery: which languages there are, and a new speech path for a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from mt.terminology import Terminology
from streaming.budget import BALANCED, BudgetConfig
from streaming.channel import Channel
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.items import AudioChunk, Event
from streaming.language import primary
from streaming.session_request import Gender, SourceMode


@dataclass(frozen=True, slots=True)
class Target:
    """One language that a speaker is translated into."""

    language: str
    speak: bool = True
    gender: Gender | None = None
    """None: the cheapest natural voice"""
    variant: int = 0
    """the how manyeth of those voices: speakers in a room have different ones"""


class Path(Protocol):
    """One speaker's pipeline, as `server.speech_path.SpeechPath`."""

    def aim(self, targets: Sequence[Target]) -> None:
        """Translates into these languages and no others from now on. Raises UnsupportedLanguage."""

    async def run(self, audio: Channel[AudioChunk], events: Channel[Event]) -> None:
        """Ends when `audio` was closed and all of it is concluded and played; then closes `events`."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a session is to translate; languages are primary ones (`pt`)."""

    source: str | None
    targets: tuple[str, ...]
    spoken: frozenset[str]
    """those of the targets that are also spoken"""
    gender: Gender | None
    """None: whichever voice is the cheapest natural one"""
    candidates: tuple[str, ...] = ()
    """what the speaker may speak, where that is to be found out: then `source` is a hint at most"""
    terminology: tuple[Terminology, ...] = ()
    """the session's own: one for a pair of languages at most"""
    budget: BudgetConfig = BALANCED


class Pairs(Protocol):
    """What can be translated into what."""

    def source_languages(self) -> Sequence[str]:
        """What can be spoken."""

    def transcribed_languages(self) -> Sequence[str]:
        """Those of them that are written as they are spoken; recognition translates the others into English."""

    def target_languages(self, source: str) -> Sequence[str]:
        """What `source` can be translated into. Raises UnsupportedLanguage for what is no source language."""


class Interpreter(Pairs, Protocol):
    """Loaded models and the engine that runs them."""

    def spoken_languages(self) -> Sequence[str]:
        """What there is a voice for."""

    def open_path(self, job: Job) -> Path:
        """Raises UnsupportedLanguage."""


def source_candidates(pairs: Pairs, targets: Sequence[str], hint: str | None = None) -> tuple[str, ...]:
    """What may be spoken in a session into these languages (primary ones): each target is it, or it is translated.

    Of the languages that are not transcribed only the hint is among them: identified among a hundred, what is spoken
    would be mistaken more often. Raises UnsupportedLanguage where nothing could be translated.
    """
    identified = {hint, *pairs.transcribed_languages()}
    candidates = tuple(
        source
        for source in pairs.source_languages()
        if source in identified
        and all(target == source or target in pairs.target_languages(source) for target in targets)
    )
    if not any(set(targets) - {candidate} for candidate in candidates):
        raise UnsupportedLanguage(f"target_languages: no model translates into {' and '.join(targets)}")
    return candidates


def check_job(
    interpreter: Interpreter,
    *,
    source: str | None,
    targets: Sequence[str],
    spoken: Sequence[str],
    gender: Gender | None,
    mode: SourceMode = "fixed",
    budget: BudgetConfig = BALANCED,
) -> Job:
    """The job for languages as a client wrote them. Raises BadInput and UnsupportedLanguage, naming the language."""
    if not targets:
        raise BadInput("target_languages is missing: at least one language to translate into")
    primary_targets = tuple(primary(tag) for tag in targets)
    spoken_source = primary(source) if source else None
    undeclared = mode == "auto" or source is None
    job = Job(
        source=spoken_source,
        targets=primary_targets,
        spoken=frozenset(primary(tag) for tag in spoken),
        gender=gender,
        candidates=source_candidates(interpreter, primary_targets, spoken_source) if undeclared else (),
        budget=budget,
    )
    if len(set(job.targets)) < len(job.targets):
        raise BadInput(f"target_languages: {', '.join(targets)}: variants of one language can't be told apart yet")
    if job.source is not None:
        if job.source not in interpreter.source_languages():
            raise UnsupportedLanguage(f"source_language: no model recognises {source}")
        for tag in targets:
            if primary(tag) not in interpreter.target_languages(job.source):
                raise UnsupportedLanguage(f"target_languages: no model translates {source} into {tag}")
    for tag in spoken:
        if primary(tag) not in interpreter.spoken_languages():
            raise UnsupportedLanguage(f"target_media_languages: there is no voice for {tag}")
    return job
