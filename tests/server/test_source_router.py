"""A speaker who changes languages: what reaches the target, and in which order."""

from __future__ import annotations

import anyio

from server.source_router import PassThrough, SourceRouter, TranslatingStage
from streaming.channel import Channel
from streaming.clock import run_virtual
from streaming.items import TargetWord, Transcript, Translation, Word


class SlowStage:
    """Every word comes back with its source language before it; the last one only when the stage's input has ended."""

    def __init__(self, source: str) -> None:
        self._source = source

    async def run(self, inbox: Channel[Transcript], outbox: Channel[Translation]) -> None:
        held: list[str] = []
        async for transcript in inbox:
            held += [f"{self._source}:{word.text}" for word in transcript.committed]
            for text in held[:-1]:
                await outbox.send(Translation("fr", (TargetWord(text, 0, 0),)))
            held = held[-1:]
        await anyio.sleep(1)
        await outbox.send(Translation("fr", tuple(TargetWord(text, 0, 0) for text in held), sentence_end=True))
        outbox.close()


def said(language: str, *texts: str, **fields: object) -> Transcript:
    return Transcript(language, tuple(Word(text, 0, 1) for text in texts), **fields)  # type: ignore[arg-type]


def translate(stage: TranslatingStage, *transcripts: Transcript) -> list[Translation]:
    async def feed(inbox: Channel[Transcript]) -> None:
        for transcript in transcripts:
            await inbox.send(transcript)
        inbox.close()

    async def main() -> list[Translation]:
        inbox: Channel[Transcript] = Channel("transcripts", 1, "wait")
        outbox: Channel[Translation] = Channel("translations", 1, "wait")
        async with anyio.create_task_group() as group:
            group.start_soon(feed, inbox)
            group.start_soon(stage.run, inbox, outbox)
            return [translation async for translation in outbox]

    return run_virtual(main())


def texts(translations: list[Translation]) -> list[str]:
    return [word.text for translation in translations for word in translation.committed]


def test_each_language_goes_to_its_own_stage_and_what_came_first_ends_first() -> None:
    speech = [said("en", "one", "two"), said("pt", "três"), said("pt", "quatro"), said("en", "five")]
    out = translate(SourceRouter(SlowStage), *speech)
    assert texts(out) == ["en:one", "en:two", "pt:três", "pt:quatro", "en:five"]
    assert [translation.sentence_end for translation in out].count(True) == 3


def test_a_guess_without_committed_words_changes_nothing() -> None:
    guess = Transcript("pt", tentative=(Word("um", 1, 2),))
    out = translate(
        SourceRouter(SlowStage), said("en", "one"), guess, said("en", "two"), said("pt", utterance_end=True)
    )
    assert texts(out) == ["en:one", "en:two"]
    assert [translation.sentence_end for translation in out].count(True) == 1


def test_speech_that_recognition_translates_has_a_stage_of_its_own() -> None:
    speech = [said("en", "one"), said("en", "two", translated_from="de"), said("en", "three", translated_from="fr")]
    assert texts(translate(SourceRouter(SlowStage), *speech)) == ["en:one", "de:two", "fr:three"]


def test_what_recognition_has_translated_into_the_target_language_is_to_be_spoken() -> None:
    speech = said("en", "Good", heard_s=2.0, utterance_end=True, translated_from="de")
    assert translate(PassThrough("en", original=False), speech) == [
        Translation("en", (TargetWord("Good", 0, 1, 2.0),), sentence_end=True)
    ]


def test_no_speech_gives_no_translation() -> None:
    assert translate(SourceRouter(SlowStage)) == []


def test_speech_in_the_target_language_is_shown_as_it_is_and_marked_as_not_to_be_spoken() -> None:
    tentative = Transcript("pt", tentative=(Word("vai", 2, 3), Word("bem", 3, 4)))
    out = translate(PassThrough("pt", original=True), said("pt", "Tudo", heard_s=2.0, utterance_end=True), tentative)
    assert out == [
        Translation("pt", (TargetWord("Tudo", 0, 1, 2.0),), sentence_end=True, original=True),
        Translation("pt", (), "vai bem", original=True),
    ]
