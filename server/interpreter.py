"""What the routes need of the speech machinery: which languages there are, and a new speech path for a session."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from streaming.channel import Channel
from streaming.errors import BadInput, UnsupportedLanguage
from streaming.items import AudioChunk, Event
from streaming.language import primary
from streaming.session_request import Gender


class Path(Protocol):
    """One speaker's pipeline, as `server.speech_path.SpeechPath`."""

    async def run(self, audio: Channel[AudioChunk], events: Channel[Event]) -> None:
        """Ends when `audio` was closed and all of it is concluded and played; then closes `events`."""


@dataclass(frozen=True, slots=True)
class Job:
    """What a session is to translate; languages are primary ones (`pt`)."""

    source: str
    targets: tuple[str, ...]
    spoken: frozenset[str]
    """those of the targets that are also spoken"""
    gender: Gender | None
    """None: whichever voice is the cheapest natural one"""


class Interpreter(Protocol):
    """Loaded models and the engine that runs them."""

    def source_languages(self) -> Sequence[str]:
        """What can be recognised."""

    def target_languages(self, source: str) -> Sequence[str]:
        """What `source` can be translated into."""

    def spoken_languages(self) -> Sequence[str]:
        """What there is a voice for."""

    def open_path(self, job: Job) -> Path:
        """Raises UnsupportedLanguage."""


def check_job(
    interpreter: Interpreter,
    *,
    source: str | None,
    targets: Sequence[str],
    spoken: Sequence[str],
    gender: Gender | None,
) -> Job:
    """The job for languages as a client wrote them. Raises BadInput and UnsupportedLanguage, naming the language."""
    if source is None:
        raise BadInput("source_language is missing: the language of the source is not detected yet")
    if not targets:
        raise BadInput("target_languages is missing: at least one language to translate into")
    job = Job(
        source=primary(source),
        targets=tuple(primary(tag) for tag in targets),
        spoken=frozenset(primary(tag) for tag in spoken),
        gender=gender,
    )
    if len(set(job.targets)) < len(job.targets):
        raise BadInput(f"target_languages: {', '.join(targets)}: variants of one language can't be told apart yet")
    if job.source not in interpreter.source_languages():
        raise UnsupportedLanguage(f"source_language: no model recognises {source}")
    for tag in targets:
        if primary(tag) not in interpreter.target_languages(job.source):
            raise UnsupportedLanguage(f"target_languages: no model translates {source} into {tag}")
    for tag in spoken:
        if primary(tag) not in interpreter.spoken_languages():
            raise UnsupportedLanguage(f"target_media_languages: there is no voice for {tag}")
    return job
