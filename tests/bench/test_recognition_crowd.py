"""Several speakers on one engine: spoken numbers that a fake model counts, and the real model."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import numpy as np
import pytest

from asr.align_att import AlignAtt
from asr.recognition import RecognizeRequest
from asr.stage import RecognitionStage
from asr.vad import VoiceActivityDetector, load_silero
from asr.whisper import Whisper
from bench.recognition_run import Crowd, recognize_crowd
from server.models import models_dir
from streaming.budget import Knobs
from streaming.engine import Engine, Model
from tests.asr.hypotheses import NumberSplitter
from tests.asr.sounds import silence
from tests.asr.spoken_numbers import LoudnessDetector, NumberModel, speak
from tests.asr.test_whisper import SENTENCES, speech, spoken

QUICK_S = 0.1
CHUNK_S = 0.1
SLOW_FROM = 200
"""calls in which a number from here on is spoken are slow"""


def _recognize(speakers: Sequence[range], *, slow_s: float = QUICK_S, max_batch: int = 4) -> Crowd:
    numbers = NumberModel()
    numbers.max_batch = max_batch

    def seconds(request: RecognizeRequest) -> float:
        return slow_s if request.samples.max() >= 0.2 + SLOW_FROM / 1000 else QUICK_S

    async def execute(model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        spent_s = sum(map(seconds, batch))
        await anyio.sleep(spent_s)
        return model.run(batch), spent_s

    def new_stage(engine: Engine) -> RecognitionStage:
        return RecognitionStage(
            engine=engine,
            whisper=numbers,
            tokens=NumberSplitter(),
            vad=LoudnessDetector(),  # type: ignore[arg-type]
            language="en",
            knobs=Knobs,
            new_policy=AlignAtt,
        )

    clips = [np.concatenate((silence(1), speak(said), silence(1))) for said in speakers]
    return recognize_crowd(clips, new_stage, workers=1, execute=lambda: execute)


def _text(numbers: range) -> str:
    return " ".join(f"w{number}" for number in numbers)


def _latest_s(crowd: Crowd, speaker: int) -> float:
    return max(one.at_s - one.word.end_s for one in crowd.runs[speaker].words)


def test_each_speaker_s_words_are_its_own() -> None:
    speakers = [range(12), range(20, 32), range(40, 46)]
    crowd = _recognize(speakers)
    assert [run.text for run in crowd.runs] == [_text(said) for said in speakers]
    assert crowd.compute_s == pytest.approx(QUICK_S * sum(crowd.batches))


def test_speakers_who_ask_at_once_share_batches() -> None:
    assert max(_recognize([range(12)] * 3).batches) == 3


def test_a_slow_speaker_delays_the_others_by_one_call_and_what_is_said_meanwhile() -> None:
    """However long they talk, though the three ask for more than the machine can do."""
    speakers = [range(60), range(100, 160), range(SLOW_FROM, SLOW_FROM + 60)]
    even, uneven = _recognize(speakers, max_batch=1), _recognize(speakers, slow_s=5 * QUICK_S, max_batch=1)
    for quick in (0, 1):
        assert uneven.runs[quick].text == _text(speakers[quick])
        assert _latest_s(uneven, quick) <= _latest_s(even, quick) + 5 * QUICK_S + Knobs().stride_s + CHUNK_S


@pytest.mark.e2e
def test_three_people_who_talk_at_once_are_all_understood() -> None:
    whisper, silero = Whisper(models_dir() / "whisper-base"), load_silero()

    def new_stage(engine: Engine) -> RecognitionStage:
        return RecognitionStage(
            engine=engine,
            whisper=whisper,
            tokens=whisper.tokens,
            vad=VoiceActivityDetector(silero),
            language="en",
            knobs=Knobs,
        )

    said = [SENTENCES[0], SENTENCES[0], SENTENCES[1]]
    crowd = recognize_crowd([np.concatenate((silence(0.3), speech(one), silence(0.8))) for one in said], new_stage)
    for text, run in zip(said, crowd.runs, strict=True):
        heard = set(spoken(run.text))
        assert len(heard & set(spoken(text))) >= 0.8 * len(set(spoken(text)))
