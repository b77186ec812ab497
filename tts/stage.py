"""The speech stage: committed target words in, voiced clauses out, in order."""

from __future__ import annotations

import logging
from collections.abc import Callable

import anyio

from streaming.audio import SPEECH_RATE_HZ
from streaming.budget import ReadKnobs
from streaming.channel import Channel
from streaming.clock import now
from streaming.engine import Engine
from streaming.items import Clause, ClauseSkipped, Speech, Translation
from streaming.skipping import Skipping
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
        self,
        *,
        engine: Engine,
        voices: Voices,
        language: str,
        gender: Gender | None = None,
        variant: int = 0,
        knobs: ReadKnobs,
        skipping: Skipping,
        ahead_s: Callable[[], float],
    ) -> None:
        """`gender`, `variant`: as for `Voices.choose`. `ahead_s`: how long that lasts which playout has got."""
        self._engine = engine
        self._voice = voices.choose(language, gender, variant)
        self._backlog = VoiceBacklog()
        self._cutter = ClauseCutter(language, self._backlog)
        self._knobs = knobs
        self._skipping = skipping
        self._ahead_s = ahead_s

    def schedule(self) -> list[tuple[Clause, float]]:
        """The clauses that playout has not got, oldest first, each with the seconds until it begins."""
        now_s = self._look_ahead()
        return [(clause, at_s - now_s) for clause, at_s in self._backlog.schedule(now_s, self._knobs().tempo)]

    async def run(self, inbox: Channel[Translation], outbox: Channel[Speech | ClauseSkipped]) -> None:
        """Ends when `inbox` has ended and all is voiced; closes `outbox`."""
        clauses: Channel[Clause] = Channel("clauses", CLAUSES_WAITING, "wait")
        try:
            async with anyio.create_task_group() as group:
                group.start_soon(self._cut, inbox, clauses, name="clause cutting")
                async for clause in clauses:
                    await outbox.send(await self._voiced(clause))
                    self._backlog.leave()
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
        now_s = self._look_ahead()
        if ended:
            return self._cutter.flush(now_s, self._knobs())
        if translation is None:
            return self._cutter.poll(now_s, self._knobs())
        return self._cutter.push(translation.committed, translation.sentence_end, now_s, self._knobs())

    def _look_ahead(self) -> float:
        """Now, and what playout has got is known."""
        now_s = now()
        self._backlog.playing_until(now_s + self._ahead_s())
        return now_s

    async def _voiced(self, clause: Clause) -> Speech | ClauseSkipped:
        reason = self._reason_to_skip(clause)
        if reason is not None:
            return ClauseSkipped(clause, reason)
        tempo = self._knobs().tempo
        self._backlog.making(now())
        request = self._voice.request(clause.text, clause.language, tempo=tempo, sentence_end=clause.sentence_end)
        try:
            samples = await self._engine.call(self._voice.model, request, deadline_s=now() + DEADLINE_S)
        except Exception as error:  # whatever the model raised: one clause is lost, its caption stays, speech goes on
            _log.warning("%s could not speak clause %d: %s", self._voice.model.name, clause.index, error)
            return ClauseSkipped(clause, f"synthesis failed: {error}")
        if len(samples) == 0:
            return ClauseSkipped(clause, "nothing to say")
        self._backlog.made(len(samples) / SPEECH_RATE_HZ, tempo, now())
        return Speech(clause, samples, tempo)

    def _reason_to_skip(self, clause: Clause) -> str | None:
        knobs = self._knobs()
        if not is_speakable(clause.text):
            return "nothing to say"
        if not knobs.speak:
            return "captions only until caught up"
        _, begins_in_s = self.schedule()[0]
        more_waits = len(self._backlog.waiting) > 1 or self._cutter.has_words
        return self._skipping.reason(clause, now() + begins_in_s, more_waits=more_waits)
