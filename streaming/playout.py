"""Playout: clauses of irregular arrival become 20 ms frames at a steady pace, in order, never overlapping."""

from __future__ import annotations

from collections import deque

import anyio
import numpy as np

from streaming.audio import FRAME_MS, SPEECH_FRAME
from streaming.budget import ReadKnobs
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import Clause, ClausePlayed, ClauseSkipped, Event, Speech, SpeechFrame
from streaming.paced_speech import PacedSpeech
from streaming.skipping import Skipping
from streaming.trace import CaptureLog

_SENTENCE_PAUSE_S = 0.25
_CLAUSE_PAUSE_S = 0.06
"""Pauses that a listener hears where a sentence or a clause ends and the next one is ready at once. Natural sentence
pauses are 0.3-0.6 s; the translation is always behind the speaker, so it takes the short end."""

_AHEAD_S = 1.5
"""Made speech that may wait: enough to hide the making of the next clause. What waits beyond it waits as text, which
can still be spoken faster or skipped."""

_LATE_S = 0.2
"""A loop this late gives up on the missed frames' times and goes on from now, instead of sending a burst."""


class Playout:
    """The made speech of one target language and the clause now playing.

    Clauses may follow each other without a pause: their edges are faded where they are made, and played as they are.
    """

    def __init__(self, captures: CaptureLog, skipping: Skipping) -> None:
        self._captures = captures
        self._skipping = skipping
        self._waiting: deque[PacedSpeech] = deque()
        self._playing: PacedSpeech | None = None
        self._tempo = 1.0
        """what was asked last: the durations told are those at this tempo"""
        self._not_before_s = 0.0
        self.last_played: ClausePlayed | None = None
        """the clause that began last"""

    @property
    def idle(self) -> bool:
        return self._playing is None and not self._waiting

    @property
    def backlog_s(self) -> float:
        """How long it takes to play all that is made, pauses apart."""
        playing_s = 0.0 if self._playing is None else self._playing.left_s(self._tempo)
        return playing_s + sum(speech.left_s(self._tempo) for speech in self._waiting)

    def schedule(self) -> list[tuple[Clause, float]]:
        """The clauses made but not begun, oldest first, each with the seconds until it begins."""
        begins_in_s = self.backlog_s
        plan: list[tuple[Clause, float]] = []
        for speech in reversed(self._waiting):
            begins_in_s -= speech.left_s(self._tempo)
            plan.append((speech.clause, begins_in_s))
        return plan[::-1]

    def push(self, speech: Speech) -> None:
        self._waiting.append(PacedSpeech(speech))

    def pull(
        self, at_s: float, *, cut_pauses: bool = False, tempo: float = 1.0
    ) -> list[SpeechFrame | ClausePlayed | ClauseSkipped]:
        """What happens in the 20 ms that begin at `at_s` (clock); nothing during a pause.

        A clause that was made at less than `tempo` is played faster, from where it is.
        """
        self._tempo = tempo
        if self._playing is not None:
            return [self._frame(self._playing, at_s)]
        if not self._waiting or (at_s < self._not_before_s and not cut_pauses):
            return []
        speech = self._waiting.popleft()
        reason = self._skipping.reason(speech.clause, at_s, more_waits=bool(self._waiting))
        if reason is not None:
            return [ClauseSkipped(speech.clause, reason), *self.pull(at_s, cut_pauses=cut_pauses, tempo=tempo)]
        self._playing = speech
        self._skipping.spoke(speech.clause)
        self.last_played = self._begin(speech, at_s)
        return [self.last_played, self._frame(speech, at_s, starts=speech.clause)]

    def _begin(self, speech: PacedSpeech, at_s: float) -> ClausePlayed:
        span = at_s - self._captures.captured_at(speech.clause.source_end_s)
        return ClausePlayed(speech.clause, at_s, speech.left_s(self._tempo), span)

    def _frame(self, speech: PacedSpeech, at_s: float, starts: Clause | None = None) -> SpeechFrame:
        samples = speech.read(SPEECH_FRAME, self._tempo)
        if speech.ended:
            pause = _SENTENCE_PAUSE_S if speech.clause.sentence_end else _CLAUSE_PAUSE_S
            self._not_before_s = at_s + FRAME_MS / 1000 + pause
            self._playing = None
            samples = np.pad(samples, (0, SPEECH_FRAME - len(samples)))
        return SpeechFrame(speech.clause.language, samples, at_s, starts, speech.ended)


class PlayoutStage:
    """Plays a `Playout` on the clock: takes speech as there is room for it, sends each frame when it is due."""

    def __init__(self, playout: Playout, knobs: ReadKnobs) -> None:
        self._playout = playout
        self._knobs = knobs
        self._changed = anyio.Event()
        self._played = anyio.Event()
        self._ended = False

    async def run(self, inbox: Channel[Speech | ClauseSkipped], events: Channel[Event]) -> None:
        """Returns when `inbox` has ended and all of it was played. Does not close `events`."""
        async with anyio.create_task_group() as group:
            group.start_soon(self._take, inbox, events, name="playout intake")
            await self._play(events)

    async def _take(self, inbox: Channel[Speech | ClauseSkipped], events: Channel[Event]) -> None:
        async for item in inbox:
            if isinstance(item, ClauseSkipped):
                await events.send(item)
                continue
            self._playout.push(item)
            self._changed.set()
            # Looked at again with each frame, because the tempo changes how long it lasts.
            while self._playout.backlog_s > _AHEAD_S:
                await self._played.wait()
        self._ended = True
        self._changed.set()

    async def _play(self, events: Channel[Event]) -> None:
        due = now()
        while not (self._ended and self._playout.idle):
            if self._playout.idle:
                await self._changed.wait()
                self._changed = anyio.Event()
                due = max(due, now())
                continue
            knobs = self._knobs()
            for event in self._playout.pull(due, cut_pauses=knobs.cut_pauses, tempo=knobs.tempo):
                await events.send(event)
            self._played.set()
            self._played = anyio.Event()
            due += FRAME_MS / 1000
            if now() - due > _LATE_S:
                due = now()
            await anyio.sleep_until(due)
