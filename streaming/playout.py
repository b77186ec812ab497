"""Playout: clauses of irregular arrival become 20 ms frames at a steady pace, in order, never overlapping."""

from __future__ import annotations

from collections import deque

import anyio
import numpy as np

from streaming.audio import FRAME_MS, SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.budget import ReadKnobs
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import Clause, ClausePlayed, ClauseSkipped, Event, Speech, SpeechFrame
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
    """The made speech of one target language and the clause now playing."""

    def __init__(self, captures: CaptureLog) -> None:
        self._captures = captures
        self._waiting: deque[Speech] = deque()
        self._playing: Speech | None = None
        self._position = 0
        self._not_before_s = 0.0
        self.last_played: ClausePlayed | None = None
        """the clause that began last"""

    @property
    def idle(self) -> bool:
        return self._playing is None and not self._waiting

    @property
    def backlog_s(self) -> float:
        """Seconds of made speech not yet played."""
        left = 0 if self._playing is None else len(self._playing.samples) - self._position
        return (left + sum(len(speech.samples) for speech in self._waiting)) / SPEECH_RATE_HZ

    def schedule(self) -> list[tuple[Clause, float]]:
        """The clauses made but not begun, oldest first, each with the seconds until it begins."""
        begins_in_s = self.backlog_s
        plan: list[tuple[Clause, float]] = []
        for speech in reversed(self._waiting):
            begins_in_s -= len(speech.samples) / SPEECH_RATE_HZ
            plan.append((speech.clause, begins_in_s))
        return plan[::-1]

    def push(self, speech: Speech) -> None:
        self._waiting.append(speech)

    def pull(self, at_s: float, *, cut_pauses: bool = False) -> list[SpeechFrame | ClausePlayed]:
        """What happens in the 20 ms that begin at `at_s` (clock); nothing during a pause."""
        begun: list[SpeechFrame | ClausePlayed] = []
        if self._playing is None:
            if not self._waiting or (at_s < self._not_before_s and not cut_pauses):
                return []
            begun.append(self._begin(at_s))
        return [*begun, self._frame(at_s)]

    def _begin(self, at_s: float) -> ClausePlayed:
        self._playing, self._position = self._waiting.popleft(), 0
        clause, samples = self._playing.clause, self._playing.samples
        span = at_s - self._captures.captured_at(clause.source_end_s)
        self.last_played = ClausePlayed(clause, at_s, len(samples) / SPEECH_RATE_HZ, span)
        return self.last_played

    def _frame(self, at_s: float) -> SpeechFrame:
        assert self._playing is not None
        clause = self._playing.clause
        starts = clause if self._position == 0 else None
        samples = self._playing.samples[self._position : self._position + SPEECH_FRAME]
        self._position += SPEECH_FRAME
        if self._position >= len(self._playing.samples):
            pause = _SENTENCE_PAUSE_S if clause.sentence_end else _CLAUSE_PAUSE_S
            self._not_before_s = at_s + FRAME_MS / 1000 + pause
            self._playing = None
            samples = np.pad(samples, (0, SPEECH_FRAME - len(samples)))
        return SpeechFrame(clause.language, samples, at_s, starts)


class PlayoutStage:
    """Plays a `Playout` on the clock: takes speech as there is room for it, sends each frame when it is due."""

    def __init__(self, playout: Playout, knobs: ReadKnobs) -> None:
        self._playout = playout
        self._knobs = knobs
        self._changed = anyio.Event()
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
            await anyio.sleep(max(0.0, self._playout.backlog_s - _AHEAD_S))
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
            for event in self._playout.pull(due, cut_pauses=self._knobs().cut_pauses):
                await events.send(event)
            due += FRAME_MS / 1000
            if now() - due > _LATE_S:
                due = now()
            await anyio.sleep_until(due)
