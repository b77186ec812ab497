"""The speech stage: committed target words in, voiced clauses out, in order."""

from __future__ import annotations

import logging
from collections.abc import Sequence

import anyio

from streaming.audio import SPEECH_RATE_HZ
from streaming.budget import ReadKnobs
from streaming.channel import Channel
from streaming.clock import now
from streaming.engine import Engine
from streaming.items import Clause, ClauseSkipped, Speech, Translation
from tts.clauses import ClauseCutter
from tts.synthesis import is_speakable
from tts.voice_backlog import VoiceBacklog
from tts.voices import Gender, Voices

_log = logging.getLogger(__name__)

CLAUSES_WAITING = 16
"""A choice: about half a minute of speech as text. When full, the words wait."""

DEADLINE_S = 0.5
"""A clause is wanted this soon after its turn has come: a choice between recognition's 0.8 s and translation's 0.25 s,
whose calls wait in the same queue."""


class SpeechStage:
    """Raises UnsupportedLanguage if no voice speaks `language`."""

    def __init__(
        self, *, engine: Engine, voices: Voices, language: str, gender: Gender | None = None, knobs: ReadKnobs
    ) -> None:
        self._engine = engine
        self._voice = voices.choose(language, gender)
        self._backlog = VoiceBacklog()
        self._cutter = ClauseCutter(language, self._backlog)
        self._knobs = knobs
        self._skipped_last = False

    @property
    def pending(self) -> Sequence[Clause]:
        """The clauses that have no voice yet, oldest first: the one in the making and those that wait."""
        return self._backlog.waiting

    async def run(self, inbox: Channel[Translation], outbox: Channel[Speech | ClauseSkipped]) -> None:
        """Ends when `inbox` has ended and all is voiced; closes `outbox`."""
        clauses: Channel[Clause] = Channel("clauses", CLAUSES_WAITING, "wait")
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._cut, inbox, clauses, name="clause cutting")
                async for clause in clauses:
                    item = await self._voiced(clause)
                    duration_s = len(item.samples) / SPEECH_RATE_HZ if isinstance(item, Speech) else 0.0
                    self._backlog.settle(duration_s, now())
                    await outbox.send(item)
        finally:
            outbox.close()

    async def _cut(self, inbox: Channel[Translation], clauses: Channel[Clause]) -> None:
        ended = False
        while not ended:
            translation = None
            deadline = self._cutter.next_deadline()
            with anyio.CancelScope(deadline=float("inf") if deadline is None else deadline):
                try:
                    translation = await inbox.receive()
                except anyio.EndOfStream:
                    ended = True
            for clause in self._cut_now(translation, ended):
                await clauses.send(clause)
        clauses.close()

    def _cut_now(self, translation: Translation | None, ended: bool) -> list[Clause]:
        if ended:
            return self._cutter.flush(now(), self._knobs())
        if translation is None:
            return self._cutter.poll(now(), self._knobs())
        return self._cutter.push(translation.committed, translation.sentence_end, now(), self._knobs())

    async def _voiced(self, clause: Clause) -> Speech | ClauseSkipped:
        reason = self._reason_to_skip(clause)
        self._skipped_last = reason is not None
        if reason is not None:
            return ClauseSkipped(clause, reason)
        tempo = self._knobs().tempo
        request = self._voice.request(clause.text, clause.language, tempo=tempo, sentence_end=clause.sentence_end)
        try:
            samples = await self._engine.call(self._voice.model, request, deadline_s=now() + DEADLINE_S)
        except Exception as error:  # whatever the model raised: one clause is lost, its caption stays, speech goes on
            _log.warning("%s could not speak clause %d: %s", self._voice.model.name, clause.index, error)
            return ClauseSkipped(clause, f"synthesis failed: {error}")
        if len(samples) == 0:
            return ClauseSkipped(clause, "nothing to say")
        return Speech(clause, samples, tempo)

    def _reason_to_skip(self, clause: Clause) -> str | None:
        knobs = self._knobs()
        if not is_speakable(clause.text):
            return "nothing to say"
        if not knobs.speak:
            return "captions only until caught up"
        # One skipped, one spoken: the listener keeps the thread, and the backlog still halves.
        if knobs.skip_oldest and len(self._backlog.waiting) > 1 and not self._skipped_last:
            return "skipped to catch up"
        return None
