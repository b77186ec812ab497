"""The recognition stage in virtual time: every word once, in order, however slow the model is."""

from __future__ import annotations

import itertools

import anyio
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asr.endpointing import ONSET_PADDING_S
from asr.incremental import NEW_TOKENS_PER_S
from asr.local_agreement import LocalAgreement
from asr.stage import RecognitionStage
from asr.window import LONGEST_CALL_S
from streaming.audio import ASR_RATE_HZ
from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.items import AudioChunk, Samples, Transcript
from tests.asr.hypotheses import NumberSplitter
from tests.asr.sounds import chunks, cut, silence
from tests.asr.spoken_numbers import LoudnessDetector, NumberModel, SlowEngine, speak

PAUSED = np.concatenate((silence(1), speak(range(12)), silence(1), speak(range(20, 45)), silence(1)))

NORMAL = Knobs()


class Run:
    """What came out of a stage, and when."""

    def __init__(self, model: NumberModel) -> None:
        self.transcripts: list[Transcript] = []
        self.at_s: list[float] = []
        self.model = model
        self.stage: RecognitionStage

    @property
    def words(self) -> list[str]:
        return [word.text for transcript in self.transcripts for word in transcript.committed]


def recognize(
    stream: list[AudioChunk],
    *,
    engine: SlowEngine,
    knobs: Knobs = NORMAL,
    model: NumberModel | None = None,
    **options: object,
) -> Run:
    """Feeds the stream in real time (of the virtual clock)."""
    run = Run(model or NumberModel())

    async def feed(inbox: Channel[AudioChunk]) -> None:
        for chunk in stream:
            await anyio.sleep(len(chunk.samples) / ASR_RATE_HZ)
            inbox.send_nowait(chunk)  # raises when the stage does not drain its inbox
        inbox.close()

    async def collect(outbox: Channel[Transcript]) -> None:
        async for transcript in outbox:
            run.transcripts.append(transcript)
            run.at_s.append(now())

    async def main() -> None:
        run.stage = RecognitionStage(
            engine=engine,
            whisper=run.model,
            tokens=NumberSplitter(),
            vad=LoudnessDetector(),  # type: ignore[arg-type]
            knobs=lambda: knobs,
            **{"language": "en", **options},  # type: ignore[arg-type]
        )
        inbox: Channel[AudioChunk] = Channel("audio", 3, "wait")
        outbox: Channel[Transcript] = Channel("transcripts", 3, "wait")
        async with anyio.create_task_group() as group:
            group.start_soon(feed, inbox)
            group.start_soon(collect, outbox)
            group.start_soon(run.stage.run, inbox, outbox)

    run_virtual(main())
    assert run.stage.failed_calls == engine.failed
    return run


def spelled(*numbers: int) -> list[str]:
    return [f"w{number}" for number in numbers]


def long_speech(words: int) -> Samples:
    return np.concatenate((silence(0.5), speak([number % 700 for number in range(words)]), silence(1)))


@pytest.mark.parametrize("seconds", [0.0, 0.3, 2.0, 20.0])
def test_every_word_comes_once_however_slow_the_model_is(seconds: float) -> None:
    assert recognize(chunks(PAUSED), engine=SlowEngine(seconds)).words == spelled(*range(12), *range(20, 45))


def test_the_first_request_comes_a_stride_after_the_onset_and_has_the_padding_before_it() -> None:
    first = recognize(chunks(PAUSED), engine=SlowEngine(0.0)).model.requests[0]
    assert len(first.samples) / ASR_RATE_HZ == pytest.approx(ONSET_PADDING_S + NORMAL.stride_s, abs=0.1)


def test_local_agreement_gives_every_word_once_too() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2), new_policy=LocalAgreement)
    assert run.words == spelled(*range(12), *range(20, 45))


def test_a_language_to_translate_is_asked_for_in_english_and_says_what_it_was() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2), language="de", translated=["de", "fr"])
    assert run.words == spelled(*range(12), *range(20, 45))
    assert {(one.language, one.translate) for one in run.model.requests} == {("de", True)}
    assert {(one.language, one.translated_from, one.spoken_language) for one in run.transcripts} == {("en", "de", "de")}
    assert sum(one.utterance_end for one in run.transcripts) == 2


def test_a_translation_may_be_as_long_as_its_window_allows_whatever_is_committed() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2), language="de", translated=["de"])
    later = [one for one in run.model.requests if one.prefix]
    assert later
    assert all(one.max_new_tokens >= NEW_TOKENS_PER_S * len(one.samples) / ASR_RATE_HZ for one in later)


def test_a_language_that_is_not_to_be_translated_is_written_as_it_is() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2), translated=["de"])
    assert not any(one.translate for one in run.model.requests)
    assert {(one.language, one.translated_from) for one in run.transcripts} == {("en", None)}


def test_each_pause_ends_an_utterance() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2))
    ends = [at for at, transcript in enumerate(run.transcripts) if transcript.utterance_end]
    assert len(ends) == 2
    assert ends[-1] == len(run.transcripts) - 1


def test_word_times_rise_and_lie_where_the_words_were_spoken() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2))
    words = [word for transcript in run.transcripts for word in transcript.committed]
    assert [word.end_s for word in words[:3]] == pytest.approx([1.4, 1.8, 2.2], abs=0.01)
    assert all(left.end_s <= right.start_s + 0.01 for left, right in itertools.pairwise(words))


def test_words_are_committed_while_the_speaker_goes_on() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2))
    late = [
        at_s - word.end_s
        for at_s, transcript in zip(run.at_s, run.transcripts, strict=True)
        for word in transcript.committed
    ]
    assert max(late) < 2.0


def test_long_speech_never_makes_a_long_window() -> None:
    run = recognize(chunks(long_speech(200)), engine=SlowEngine(0.2))
    assert run.words == spelled(*range(200))
    assert run.model.longest_s < 8.0


def test_a_model_far_too_slow_is_given_bounded_windows_and_what_it_missed_is_counted() -> None:
    run = recognize(chunks(long_speech(300)), engine=SlowEngine(40.0))
    assert run.model.longest_s <= LONGEST_CALL_S
    assert run.stage.dropped_s > 10.0
    assert len(set(run.words)) == len(run.words)


def test_input_that_ends_in_an_utterance_is_recognised_to_its_end() -> None:
    run = recognize(chunks(speak(range(5))), engine=SlowEngine(0.2))
    assert run.words == spelled(*range(5))
    assert run.transcripts[-1].utterance_end


def test_input_that_ends_at_once_says_nothing() -> None:
    assert recognize([], engine=SlowEngine(0.2)).transcripts == []


def test_silence_costs_no_call() -> None:
    run = recognize(chunks(silence(20)), engine=SlowEngine(0.2))
    assert run.model.calls == 0
    assert run.transcripts == []


def test_a_pause_costs_one_call_and_its_end_none() -> None:
    run = recognize(chunks(np.concatenate((speak([1, 2]), silence(3)))), engine=SlowEngine(0.01))
    assert run.model.calls <= 3


def test_a_failed_call_loses_its_segment_and_nothing_else() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2, failing=frozenset({3})))
    assert run.words[-25:] == spelled(*range(20, 45))
    assert len(set(run.words)) == len(run.words)


def test_calls_that_all_fail_end_the_stage_in_order() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2, failing=frozenset(range(1000))))
    assert run.words == []


def test_tentative_words_are_left_out_when_the_budget_says_so() -> None:
    with_them = recognize(chunks(PAUSED), engine=SlowEngine(0.2))
    without = recognize(chunks(PAUSED), engine=SlowEngine(0.2), knobs=Knobs(tentative=False))
    assert any(transcript.tentative for transcript in with_them.transcripts)
    assert not any(transcript.tentative for transcript in without.transcripts)
    assert without.words == with_them.words


def test_a_longer_stride_asks_less_often() -> None:
    often = recognize(chunks(PAUSED), engine=SlowEngine(0.0), knobs=Knobs(stride_s=0.4))
    seldom = recognize(chunks(PAUSED), engine=SlowEngine(0.0), knobs=Knobs(stride_s=1.2))
    assert seldom.model.calls < often.model.calls / 2
    assert seldom.words == often.words


@settings(deadline=None, max_examples=25)
@given(st.lists(st.integers(0, 10**6), max_size=60), st.floats(0, 3))
def test_any_chunking_and_any_speed_commit_the_same_words(places: list[int], seconds: float) -> None:
    run = recognize(cut(PAUSED, places), engine=SlowEngine(seconds))
    assert run.words == spelled(*range(12), *range(20, 45))


def test_what_is_asked_is_the_same_on_a_fast_and_a_slow_machine_and_for_any_chunking() -> None:
    fast, slow = (recognize(chunks(PAUSED), engine=SlowEngine(seconds)) for seconds in (0.05, 0.4))
    uneven = recognize(cut(PAUSED, list(range(0, len(PAUSED), 3700))), engine=SlowEngine(0.2))
    committed = [[(t.committed, t.heard_s) for t in run.transcripts if t.committed] for run in (fast, slow, uneven)]
    assert committed[0] == committed[1] == committed[2]


def test_a_transcript_tells_how_far_the_source_was_heard() -> None:
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2))
    for at_s, transcript in zip(run.at_s, run.transcripts, strict=True):
        assert transcript.heard_s <= at_s
        assert all(word.end_s <= transcript.heard_s for word in transcript.committed)
