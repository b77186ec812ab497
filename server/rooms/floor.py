"""The speakers of a meeting: a place for each, and in it one stretch of speech after another."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field

import anyio.to_thread
import numpy as np
from anyio.abc import TaskGroup

from mt.terminology import Terminology
from server.glossary_source import load_terminology
from server.interpreter import Job, Target
from server.rooms.captions import SpeakerCaptions
from server.rooms.loudness import Loudness
from server.rooms.mix_desk import MixDesk
from server.rooms.roster import Participant, Roster
from server.rooms.speaker import Speaker
from server.runtime import Runtime
from server.session_record import SessionRecord
from server.transcript_store import RETENTION_S, Retention
from streaming.audio import ASR_RATE_HZ, SPEECH_FRAME, SPEECH_RATE_HZ, StreamResampler
from streaming.clock import now
from streaming.errors import DragomanError
from streaming.items import Event, Samples

_SENTENCES_A_STRETCH = 100_000
"""More than anyone says in a day: sentences of two stretches have different numbers."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech of one participant in one language."""

    who: Participant
    """as they were when it began"""
    number: int
    captions: SpeakerCaptions


Tell = Callable[[Stretch, Event], None]
"""What a participant's speech came to."""

Fail = Callable[[str, DragomanError], None]
"""A participant's speech can't be translated any more."""


@dataclass(slots=True)
class _Place:
    """A participant who speaks, for as long as they do."""

    variant: int
    """of the voice: no two speakers have the same"""
    taken: ExitStack
    """room on the machine"""
    heard: Callable[[], None]
    speaker: Speaker | None = None
    stretches: int = 0
    loudness: Loudness = field(default_factory=Loudness)
    resampler: StreamResampler = field(default_factory=lambda: StreamResampler(ASR_RATE_HZ, SPEECH_RATE_HZ))
    rest: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    """of their own voice, less than a frame"""


class Floor:
    """Follows the roster: who is to be translated into what is asked anew after each change."""

    def __init__(
        self,
        runtime: Runtime,
        roster: Roster,
        desk: MixDesk,
        *,
        room: str,
        transcripts: Retention,
        tell: Tell,
        fail: Fail,
    ) -> None:
        self._runtime = runtime
        self._roster = roster
        self._desk = desk
        self._room = room
        self._keep_s = RETENTION_S[transcripts]
        self._tell = tell
        self._fail = fail
        self._began_s = now()
        self._places: dict[str, _Place] = {}
        self._terminology: tuple[Terminology, ...] = ()

    async def use_glossaries(self, names: tuple[str, ...], group: TaskGroup) -> None:
        """For what is said from now on. Raises UnknownGlossary, StoreFailed."""
        self._terminology = await anyio.to_thread.run_sync(load_terminology, names, self._runtime.glossaries)
        for participant in self._places:
            self.begin(participant, group)

    def enter(self, participant: str) -> None:
        """Raises Busy where the machine has no room for one more who speaks."""
        if participant in self._places:
            return
        taken = ExitStack()
        heard = taken.enter_context(self._runtime.admission.slot(takes_turns=bool(self._places)))
        used = {place.variant for place in self._places.values()}
        variant = next(number for number in range(len(used) + 1) if number not in used)
        self._places[participant] = _Place(variant, taken, heard)

    def begin(self, participant: str, group: TaskGroup) -> None:
        """A new stretch of speech; the one before is concluded meanwhile. Raises UnsupportedLanguage, NotReady."""
        place, who = self._places[participant], self._roster[participant]
        source = who.wishes.speaks
        assert source is not None
        job = Job(
            source=source,
            targets=(),
            spoken=frozenset(),
            gender=who.wishes.voice,
            terminology=self._terminology,
            budget=self._runtime.settings.budget(None, ""),
        )
        path = self._runtime.ready().open_path(job)
        captions = SpeakerCaptions(now() - self._began_s, place.stretches * _SENTENCES_A_STRETCH)
        stretch = Stretch(who, place.stretches, captions)
        speaker = Speaker(path, lambda event: self._tell(stretch, event))
        if place.speaker is not None:
            place.speaker.end()
        place.speaker, place.stretches = speaker, place.stretches + 1
        self.aim()
        group.start_soon(self._run, stretch, speaker, job, place.heard, name=f"{participant} in {source}")

    def leave(self, participant: str) -> None:
        """What they said is concluded; their place is free."""
        place = self._places.pop(participant, None)
        if place is None:
            return
        if place.speaker is not None:
            place.speaker.end()
        self._desk.hush(participant)
        place.taken.close()

    def close(self) -> None:
        """All leave."""
        for participant in list(self._places):
            self.leave(participant)

    def aim(self) -> None:
        """Everyone is translated into what the others want now."""
        for participant, place in self._places.items():
            if place.speaker is None:
                continue
            who = self._roster[participant]
            aims = self._roster.aims(participant, self._runtime.ready().target_languages)
            place.speaker.aim(
                [Target(language, speak, who.wishes.voice, place.variant) for language, speak in aims.items()]
            )
            self._desk.aim(participant, [language for language, speak in aims.items() if speak])

    def hear(self, participant: str, samples: Samples) -> bool:
        """A chunk of a microphone that isn't muted, 16 kHz; whether they speak."""
        place = self._places.get(participant)
        if place is None or place.speaker is None:
            return False
        place.speaker.hear(samples)
        sound = np.concatenate([place.rest, place.resampler.push(samples)])
        whole = len(sound) // SPEECH_FRAME * SPEECH_FRAME
        for frame in sound[:whole].reshape(-1, SPEECH_FRAME):
            self._desk.hear(participant, frame)
        place.rest = sound[whole:]
        return place.loudness.push(samples)

    async def _run(self, stretch: Stretch, speaker: Speaker, job: Job, heard: Callable[[], None]) -> None:
        who = stretch.who
        session_id = str(uuid.uuid4())
        kept = self._runtime.transcripts.speaker(
            session_id, job.source, job.targets, room=self._room, name=who.wishes.name, keep_s=self._keep_s
        )
        with kept as keep:
            record = SessionRecord(
                session_id=session_id,
                transport="room",
                job=job,
                metrics=self._runtime.metrics,
                heard=heard,
                keep=lambda event: keep(speaker.retimed(event)),
            )
            try:
                await speaker.run(record)
            except DragomanError as error:
                record.add_failed(error)
                self._fail(who.id, error)
            except Exception as error:
                _log.exception("a speaker's path failed")
                failure = DragomanError(f"internal error, {type(error).__name__}")
                record.add_failed(failure)
                self._fail(who.id, failure)
            finally:
                self._desk.end(who.id, stretch.number)
                if who.id not in self._places:
                    self._desk.remove(who.id)
