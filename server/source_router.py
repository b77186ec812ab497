"""One target language of a speaker who may change languages: what is said goes to the stage of the language it is in.

One stage runs at a time, so a sentence of the language before is translated to its end before anything that follows it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import anyio

from streaming.channel import Channel
from streaming.items import TargetWord, Transcript, Translation


class TranslatingStage(Protocol):
    """As `mt.stage.TranslationStage`."""

    async def run(self, inbox: Channel[Transcript], outbox: Channel[Translation]) -> None:
        """Translates until the inbox ends, then closes the outbox."""


class SourceRouter:
    """A `TranslatingStage` over one stage for each stretch of speech in one language."""

    def __init__(self, new_stage: Callable[[str], TranslatingStage]) -> None:
        """`new_stage`: from the language spoken, whatever recognition writes it in."""
        self._new_stage = new_stage

    async def run(self, inbox: Channel[Transcript], outbox: Channel[Translation]) -> None:
        try:
            first = await _next(inbox)
            while first is not None:
                first = await self._translate_stretch(first, inbox, outbox)
        finally:
            outbox.close()

    async def _translate_stretch(
        self, first: Transcript, inbox: Channel[Transcript], outbox: Channel[Translation]
    ) -> Transcript | None:
        """What `first` begins; the transcript that ended it by another language, None at the end of the inbox.

        Only committed words change the language: a guess may be taken back.
        """
        source = first.spoken_language
        transcripts: Channel[Transcript] = Channel(f"transcripts of {source}", 64, "wait")
        translations: Channel[Translation] = Channel(f"translations from {source}", 64, "wait")
        async with anyio.create_task_group() as group:
            group.start_soon(self._new_stage(source).run, transcripts, translations, name="translation")
            group.start_soon(_forward, translations, outbox, name="translations")
            following: Transcript | None = first
            while following and (following.spoken_language == source or not following.committed):
                await transcripts.send(following)
                following = await _next(inbox)
            transcripts.close()
        return following


class PassThrough:
    """A `TranslatingStage` for text that is in the target language already: shown as it is."""

    def __init__(self, target: str, *, original: bool) -> None:
        """`original`: the speaker's own words, which are not spoken again; else recognition has translated them."""
        self._target = target
        self._original = original

    async def run(self, inbox: Channel[Transcript], outbox: Channel[Translation]) -> None:
        try:
            async for transcript in inbox:
                await outbox.send(
                    Translation(
                        self._target,
                        tuple(
                            TargetWord(word.text, word.start_s, word.end_s, transcript.heard_s)
                            for word in transcript.committed
                        ),
                        " ".join(word.text for word in transcript.tentative),
                        sentence_end=transcript.utterance_end,
                        original=self._original,
                    )
                )
        finally:
            outbox.close()


async def _next(inbox: Channel[Transcript]) -> Transcript | None:
    try:
        return await inbox.receive()
    except anyio.EndOfStream:
        return None


async def _forward(translations: Channel[Translation], outbox: Channel[Translation]) -> None:
    async for translation in translations:
        await outbox.send(translation)
