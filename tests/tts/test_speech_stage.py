import anyio
import numpy as np
import pytest

from streaming.budget import Knobs
from streaming.channel import Channel
from streaming.clock import now, run_virtual
from streaming.items import ClauseSkipped, Samples, Speech, TargetWord, Translation
from streaming.skipping import Skipping
from streaming.trace import CaptureLog
from tts.espeak import Espeak
from tts.stage import SpeechStage
from tts.synthesis import SynthesizeRequest
from tts.voices import Gender, Voice, Voices

MAKING_S = 0.3


class FakeVoices(Voices):
    def choose(self, language: str, gender: Gender | None = None, variant: int = 0) -> Voice:
        return Voice(FakeModel(), "fake")


class FakeModel:
    name = "fake"
    max_batch = 1
    threads = 1

    def run(self, batch: list[SynthesizeRequest]) -> list[Samples]:
        if "falha" in batch[0].text:
            raise ValueError("no such sound")
        return [np.full(len(request.text), request.tempo, np.float32) for request in batch]


class FakeEngine:
    def __init__(self) -> None:
        self.requests: list[tuple[float, SynthesizeRequest]] = []

    async def call(self, model, request, *, deadline_s, expires_s=float("inf")):  # type: ignore[no-untyped-def]
        self.requests.append((now(), request))
        await anyio.sleep(MAKING_S)
        return model.run([request])[0]


def translation(text: str, sentence_end: bool = False) -> Translation:
    return Translation("pt", tuple(TargetWord(word, 0.0, 1.0) for word in text.split()), "", sentence_end)


def run_stage(
    script: list[tuple[float, Translation]], knobs: Knobs, take_every_s: float = 0.0
) -> tuple[list[tuple[float, Speech | ClauseSkipped]], FakeEngine]:
    engine = FakeEngine()
    came: list[tuple[float, Speech | ClauseSkipped]] = []

    async def main() -> None:
        captures = CaptureLog()
        captures.push(100.0, 100.0)
        stage = SpeechStage(
            engine=engine,
            voices=FakeVoices(Espeak()),
            language="pt",
            knobs=lambda: knobs,
            skipping=Skipping(captures, lambda: knobs),
            ahead_s=lambda: 0.0,
        )
        inbox: Channel[Translation] = Channel("in", 8, "wait")
        outbox: Channel[Speech | ClauseSkipped] = Channel("out", 1, "wait")

        async def feed() -> None:
            for at_s, item in script:
                await anyio.sleep_until(at_s)
                await inbox.send(item)
            inbox.close()

        async with anyio.create_task_group() as group:
            group.start_soon(feed)
            group.start_soon(stage.run, inbox, outbox)
            async for item in outbox:
                came.append((now(), item))
                await anyio.sleep(take_every_s)
        assert stage.schedule() == []

    run_virtual(main())
    return came, engine


def kinds(came: list[tuple[float, Speech | ClauseSkipped]]) -> list[tuple[str, str]]:
    return [(type(item).__name__, item.clause.text) for _, item in came]


def test_clauses_are_voiced_in_order_and_the_outbox_is_closed() -> None:
    came, _ = run_stage([(0.0, translation("Bom dia. Até logo.", True))], Knobs())
    assert kinds(came) == [("Speech", "Bom dia."), ("Speech", "Até logo.")]
    assert [at_s for at_s, _ in came] == pytest.approx([MAKING_S, 2 * MAKING_S])


def test_words_that_wait_are_cut_by_the_timer() -> None:
    script = [(0.0, translation("Vamos conversar amanhã")), (30.0, translation("", True))]
    came, _ = run_stage(script, Knobs(clause_wait_s=1.2))
    assert came[0][0] == pytest.approx(1.2 + MAKING_S)
    assert came[0][1].clause.text == "Vamos conversar amanhã"


def test_the_request_says_tempo_and_whether_the_sentence_goes_on() -> None:
    _, engine = run_stage([(0.0, translation("Se a gente esperar, tudo vai dar muito certo."))], Knobs(tempo=1.2))
    assert [(r.sentence_end, r.tempo) for _, r in engine.requests] == [(False, 1.2), (True, 1.2)]


def test_speech_carries_the_tempo_at_which_it_was_made() -> None:
    came, _ = run_stage([(0.0, translation("Bom dia.", True))], Knobs(tempo=1.2))
    assert [item.tempo for _, item in came if isinstance(item, Speech)] == [1.2]


def test_nothing_is_voiced_while_only_captions_are_asked_for() -> None:
    came, engine = run_stage([(0.0, translation("Bom dia.", True))], Knobs(speak=False))
    assert kinds(came) == [("ClauseSkipped", "Bom dia.")]
    assert engine.requests == []


def test_what_would_be_too_late_is_skipped_to_catch_up() -> None:
    script = [(3.0, translation("Um dois. Três quatro. Cinco seis. Sete oito.", True))]
    came, _ = run_stage(script, Knobs(latest_span_s=2.7))
    assert [kind for kind, _ in kinds(came)] == ["Speech", "ClauseSkipped", "ClauseSkipped", "Speech"]
    assert all("behind" in item.reason for _, item in came if isinstance(item, ClauseSkipped))


def test_a_failed_synthesis_loses_its_clause_alone(caplog: pytest.LogCaptureFixture) -> None:
    came, _ = run_stage([(0.0, translation("Isto falha. Isto fala.", True))], Knobs())
    assert kinds(came) == [("ClauseSkipped", "Isto falha."), ("Speech", "Isto fala.")]
    assert "no such sound" in caplog.text


def test_text_with_nothing_to_say_is_passed_on_unvoiced() -> None:
    came, engine = run_stage([(0.0, translation("… —", True))], Knobs())
    assert kinds(came) == [("ClauseSkipped", "… —")]
    assert engine.requests == []


def test_a_slow_playout_holds_the_voice_back() -> None:
    script = [(0.0, translation("Um dois. Três quatro. Cinco seis. Sete oito. Nove dez.", True))]
    _, engine = run_stage(script, Knobs(), take_every_s=5.0)
    assert [at_s for at_s, _ in engine.requests][-1] > 5.0
