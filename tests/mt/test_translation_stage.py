"""The translation stage in virtual time, with a translator that writes each source word in capitals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mt.greedy import TargetState
from mt.stage import TranslationStage
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import run_virtual
from streaming.items import TargetWord, Transcript, Translation, Word

QUIET = Knobs(k=3, tentative=False)


@dataclass
class Shouter:
    """One target token a source word; the state is how many are written."""

    name: str = "shouter"
    max_batch: int = 8
    threads: int = 1
    requests: list[TranslateRequest] = field(default_factory=list)

    def run(self, batch: Sequence[TranslateRequest]) -> list[TranslateResult]:
        self.requests.extend(batch)
        return [self._translate(request) for request in batch]

    def _translate(self, request: TranslateRequest) -> TranslateResult:
        words = request.source.upper().split()
        done = len(request.target.tokens)
        end = len(words) if request.final else min(len(words), done + request.words)
        rest = " ".join(words[end : end + request.tentative_words])
        return TranslateResult(tuple(words[done:end]), TargetState(tuple(range(end))), rest)


class DirectEngine:
    async def call(self, model: Any, request: Any, *, deadline_s: float, expires_s: float = float("inf")) -> Any:
        await anyio.sleep(0.01)
        return model.run([request])[0]


def _words(text: str, start: int = 0) -> tuple[Word, ...]:
    return tuple(Word(word, float(at), at + 0.5) for at, word in enumerate(text.split(), start))


def _translate(
    transcripts: Sequence[Transcript], knobs: Knobs = QUIET, *, pace_s: float = 1.0, shouter: Shouter | None = None
) -> list[Translation]:
    async def main() -> list[Translation]:
        inbox = Channel[Transcript]("transcripts", 100, "wait")
        outbox = Channel[Translation]("translations", 1000, "wait")
        stage = TranslationStage(
            engine=DirectEngine(),
            translator=shouter or Shouter(),
            source="en",
            target="xx",
            policy=WaitK(),
            knobs=lambda: knobs,
        )
        async with anyio.create_task_group() as group:
            group.start_soon(stage.run, inbox, outbox)
            for transcript in transcripts:
                await inbox.send(transcript)
                await anyio.sleep(pace_s)
            inbox.close()
        return [translation async for translation in outbox]

    return run_virtual(main())


def _one_by_one(text: str, *, pause: bool = False) -> list[Transcript]:
    transcripts = [Transcript("en", (word,)) for word in _words(text)]
    return [*transcripts, Transcript("en", utterance_end=True)] if pause else transcripts


def _committed(translations: list[Translation]) -> list[str]:
    return [word.text for translation in translations for word in translation.committed]


def test_words_are_written_k_behind_and_all_at_the_sentence_end() -> None:
    translations = _translate(_one_by_one("we go to the river today."))
    assert [[word.text for word in each.committed] for each in translations] == [
        ["WE"],
        ["GO"],
        ["TO"],
        ["THE", "RIVER", "TODAY."],
    ]
    assert [each.sentence_end for each in translations] == [False, False, False, True]


def test_a_target_word_rests_on_the_source_read_since_the_one_before() -> None:
    translations = _translate(_one_by_one("we go to the"))
    assert translations[0].committed == (TargetWord("WE", 0.0, 2.5),)
    assert translations[1].committed == (TargetWord("GO", 3.0, 3.5),)


def test_words_written_at_a_pause_rest_on_the_last_words_read() -> None:
    last = _translate(_one_by_one("we go to the", pause=True))[-1]
    assert last.committed == (TargetWord("TO", 3.0, 3.5), TargetWord("THE", 3.0, 3.5))


def test_a_pause_ends_the_sentence_and_the_next_one_waits_for_k_words_again() -> None:
    transcripts = [Transcript("en", _words("so it is"), utterance_end=True), Transcript("en", _words("and we", 5))]
    first, second = _translate(transcripts)
    assert _committed([first]) == ["SO", "IT", "IS"] and first.sentence_end
    assert _committed([second]) == ["AND", "WE"] and second.sentence_end


def test_a_pause_without_words_gives_nothing() -> None:
    assert _translate([Transcript("en", utterance_end=True)]) == []


def test_a_sentence_of_fillers_alone_ends_empty_and_is_not_translated() -> None:
    shouter = Shouter()
    assert _translate([Transcript("en", _words("uh um."))], shouter=shouter) == [Translation("xx", sentence_end=True)]
    assert shouter.requests == []


def test_fillers_and_repeats_are_not_words_read() -> None:
    assert _translate(_one_by_one("we, uh, we um go"))[0].sentence_end


def test_tentative_text_is_made_when_the_knobs_ask_for_it() -> None:
    translations = _translate(_one_by_one("we go to the river."), Knobs(k=3, tentative=True))
    assert [each.tentative for each in translations] == ["WE", "WE GO", "GO TO", "TO THE", ""]


def test_no_call_is_made_for_tentative_source_words() -> None:
    shouter = Shouter()
    assert _translate([Transcript("en", tentative=_words("we go to"))], shouter=shouter) == []
    assert shouter.requests == []


def test_what_waits_in_the_inbox_is_taken_together() -> None:
    shouter = Shouter()
    _translate(_one_by_one("we go to the river today"), pace_s=0.0, shouter=shouter)
    assert len(shouter.requests) <= 3


def test_a_failing_model_still_closes_the_outbox() -> None:
    async def main() -> None:
        inbox = Channel[Transcript]("transcripts", 1, "wait")
        outbox = Channel[Translation]("translations", 1, "wait")
        broken: Any = None
        stage = TranslationStage(
            engine=broken, translator=Shouter(), source="en", target="xx", policy=WaitK(), knobs=lambda: QUIET
        )
        await inbox.send(Transcript("en", _words("go.")))
        with pytest.raises(AttributeError):
            await stage.run(inbox, outbox)
        with pytest.raises(anyio.EndOfStream):
            await outbox.receive()

    run_virtual(main())


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from(["we", "go,", "home.", "now?", "Mr."]), max_size=25),
    st.integers(1, 9),
    st.sampled_from([0.0, 0.004, 1.0]),
    st.booleans(),
)
def test_every_source_word_is_translated_once_and_in_order(words: list[str], k: int, pace_s: float, tent: bool) -> None:
    numbered = " ".join(f"{at}{word}" for at, word in enumerate(words))
    translations = _translate(_one_by_one(numbered, pause=True), Knobs(k=k, tentative=tent), pace_s=pace_s)
    assert _committed(translations) == numbered.upper().split()
    assert not translations or translations[-1].sentence_end
