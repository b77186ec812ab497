"""One sentence, damaged in each way that telephones, microphones and networks know, is still recognised."""

from __future__ import annotations

import numpy as np
import pytest
import spoken

from asr.confirmed_align_att import ConfirmedAlignAtt
from asr.vad import VoiceActivityDetector, load_silero
from bench.degradation import DEGRADATIONS
from bench.metrics.word_error_rate import word_errors
from bench.recognition_run import StreamingRecognizer
from server.load import Models
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

pytestmark = pytest.mark.e2e

SENTENCE = spoken.ENGLISH[2]


@pytest.fixture(scope="module")
def sentence(loaded: Models) -> Samples:
    return spoken.talk(loaded.voices, [SENTENCE], "en", seed=1, fluent=True)


@pytest.fixture(scope="module")
def recognizer(loaded: Models) -> StreamingRecognizer:
    silero = load_silero()
    return StreamingRecognizer(
        loaded.whisper, loaded.whisper.tokens, lambda: VoiceActivityDetector(silero), "en", ConfirmedAlignAtt
    )


@pytest.mark.parametrize("way", ["narrow_band", "clipped", "quiet", "packet_loss"])
def test_most_words_survive(way: str, sentence: Samples, recognizer: StreamingRecognizer) -> None:
    run = recognizer.run(DEGRADATIONS[way](sentence, np.random.default_rng(1)))
    assert word_errors(SENTENCE, run.text).rate <= 0.2, run.text


def test_a_muted_microphones_noise_gives_no_word(recognizer: StreamingRecognizer) -> None:
    noise = np.random.default_rng(2).normal(0, 10 ** (-70 / 20), 8 * ASR_RATE_HZ).astype(np.float32)
    run = recognizer.run(noise)
    assert not run.words and not run.tentative
