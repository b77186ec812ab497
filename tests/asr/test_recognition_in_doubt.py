"""Recognition that was asked in the wrong way is asked again before anything is committed: language and terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import anyio
import numpy as np
import pytest

from asr.language_identification import LanguageLock
from asr.recognition import Recognition, RecognizeRequest
from asr.stage import RecognitionStage
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import run_virtual
from streaming.items import AudioChunk, Samples, Transcript
from tests.asr.hypotheses import NumberSplitter
from tests.asr.sounds import chunks, silence
from tests.asr.spoken_numbers import LoudnessDetector, NumberModel, SlowEngine, speak

ENGLISH = speak(range(100, 112))
PORTUGUESE = speak(range(500, 512))
PORTUGUESE_OK = speak([500])
PAUSE = silence(1)


class BilingualModel(NumberModel):
    """Numbers from 500 on are Portuguese; asked in the wrong language it misunderstands every one of them."""

    def __init__(self) -> None:
        super().__init__()
        self.identified = 0

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        return [self._understand(request, self._read(request)) for request in batch]

    def _understand(self, request: RecognizeRequest, read: Recognition) -> Recognition:
        spoken = np.median(request.samples[request.samples > 0.1])
        language = "pt" if spoken > 0.6 else "en"
        new = tuple(
            number + (0 if request.language == language else 90_000) for number in read.tokens[len(request.prefix) :]
        )
        self.identified += bool(request.identify)
        languages = tuple((one, 0.99 if one == language else 0.01) for one in request.identify)
        return replace(read, tokens=(*request.prefix, *new), languages=languages)


class LoopingModel(NumberModel):
    """Terms in the prompt make it say one of them for ever."""

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        return [self._loop(request) if request.terms else self._read(request) for request in batch]

    def _loop(self, request: RecognizeRequest) -> Recognition:
        self.calls += 1
        tokens = (*request.prefix, *(request.max_new_tokens * [7]))
        ends = tuple(np.linspace(0, len(request.samples) / ASR_RATE_HZ, len(tokens)))
        return Recognition(tokens, len(request.prefix), ends, 0.0, -0.1)


def recognize(speech: Sequence[Samples], model: NumberModel, **options: object) -> list[Transcript]:
    async def feed(inbox: Channel[AudioChunk]) -> None:
        for chunk in chunks(np.concatenate(speech)):
            await anyio.sleep(len(chunk.samples) / ASR_RATE_HZ)
            inbox.send_nowait(chunk)
        inbox.close()

    async def main() -> list[Transcript]:
        stage = RecognitionStage(
            engine=SlowEngine(0.1),
            whisper=model,
            tokens=NumberSplitter(),
            vad=LoudnessDetector(),  # type: ignore[arg-type]
            knobs=Knobs,
            **options,  # type: ignore[arg-type]
        )
        inbox: Channel[AudioChunk] = Channel("audio", 3, "wait")
        outbox: Channel[Transcript] = Channel("transcripts", 3, "wait")
        async with anyio.create_task_group() as group:
            group.start_soon(feed, inbox)
            group.start_soon(stage.run, inbox, outbox)
            return [transcript async for transcript in outbox if transcript.committed]

    return run_virtual(main())


def said(transcripts: Sequence[Transcript], language: str) -> list[str]:
    return [word.text for one in transcripts if one.language == language for word in one.committed]


def spelled(numbers: Sequence[int]) -> list[str]:
    return [f"w{number}" for number in numbers]


@pytest.mark.parametrize("candidates", [["en", "pt"], ["pt", "en"]])
def test_no_word_is_committed_in_a_language_that_was_guessed_wrong(candidates: list[str]) -> None:
    heard = recognize([PAUSE, PORTUGUESE, PAUSE], BilingualModel(), language=LanguageLock(candidates))
    assert said(heard, "pt") == spelled(range(500, 512))
    assert said(heard, "en") == []


def test_a_speaker_who_changes_the_language_at_a_pause_is_followed() -> None:
    speech = [PAUSE, PORTUGUESE, PAUSE, ENGLISH, PAUSE]
    heard = recognize(speech, BilingualModel(), language=LanguageLock(["en", "pt"]))
    assert said(heard, "pt") == spelled(range(500, 512))
    assert said(heard, "en") == spelled(range(100, 112))


def test_a_speaker_who_changes_into_a_language_to_translate_is_heard_in_english() -> None:
    speech = [PAUSE, ENGLISH, PAUSE, PORTUGUESE, PAUSE]
    heard = recognize(speech, BilingualModel(), language=LanguageLock(["en", "pt"]), translated=["pt"])
    assert said(heard, "en") == spelled([*range(100, 112), *range(500, 512)])
    assert [transcript.spoken_language for transcript in heard] == sorted(one.spoken_language for one in heard)
    assert {(one.spoken_language, one.translated_from) for one in heard} == {("en", None), ("pt", "pt")}


def test_a_short_word_of_another_language_is_taken_for_the_language_that_is_locked() -> None:
    speech = [PAUSE, ENGLISH, PAUSE, PORTUGUESE_OK, PAUSE, ENGLISH, PAUSE]
    heard = recognize(speech, BilingualModel(), language=LanguageLock(["en", "pt"]))
    assert {transcript.language for transcript in heard} == {"en"}


def test_a_short_first_utterance_is_committed_in_the_best_guess() -> None:
    heard = recognize([PAUSE, PORTUGUESE_OK, PAUSE], BilingualModel(), language=LanguageLock(["en", "pt"]))
    assert said(heard, "pt") == ["w500"]


def test_a_wrong_hint_is_given_up() -> None:
    heard = recognize([PAUSE, PORTUGUESE, PAUSE], BilingualModel(), language=LanguageLock(["en", "pt"], hint="en"))
    assert said(heard, "pt") == spelled(range(500, 512))


def test_a_declared_language_is_not_identified() -> None:
    model = BilingualModel()
    recognize([PAUSE, PORTUGUESE, PAUSE], model, language="pt")
    assert (model.identified, model.calls > 0) == (0, True)


def test_the_first_seconds_of_an_utterance_are_enough_to_identify_it() -> None:
    model = BilingualModel()
    recognize([PAUSE, speak(range(100, 160)), PAUSE], model, language=LanguageLock(["en", "pt"]))
    assert model.identified < model.calls / 2


def test_terms_that_set_off_a_loop_are_left_out_and_the_words_are_still_heard() -> None:
    heard = recognize([PAUSE, ENGLISH, PAUSE], LoopingModel(), language="en", terms=["w7"])
    assert said(heard, "en") == spelled(range(100, 112))


def test_terms_go_with_every_request() -> None:
    asked: set[tuple[str, ...]] = set()

    class Told(NumberModel):
        def _read(self, request: RecognizeRequest) -> Recognition:
            asked.add(request.terms)
            return super()._read(request)

    heard = recognize([PAUSE, ENGLISH, PAUSE], Told(), language="en", terms=["Siobhan", "Grafana"])
    assert asked == {("Siobhan", "Grafana")}
    assert said(heard, "en") == spelled(range(100, 112))
