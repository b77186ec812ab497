"""Every kind of non-speech through the real recogniser, with one spoken sentence among them: only that is written."""

from __future__ import annotations

import numpy as np
import pytest
import spoken

from asr.confirmed_align_att import ConfirmedAlignAtt
from asr.vad import VoiceActivityDetector, load_silero
from bench.metrics.word_error_rate import word_errors
from bench.non_speech import KINDS, stream
from bench.recognition_run import StreamingRecognizer
from server.load import Models
from streaming.audio import ASR_RATE_HZ

pytestmark = pytest.mark.e2e

PIECE_S = 4.0
SENTENCE = spoken.ENGLISH[0]


def test_only_the_sentence_among_the_noises_is_recognised(loaded: Models) -> None:
    noises = [stream(kind, PIECE_S, seed=5) for kind in KINDS]
    sentence = spoken.talk(loaded.voices, [SENTENCE], "en", seed=1, fluent=True)
    before = np.concatenate(noises[: len(noises) // 2])
    after = np.concatenate(noises[len(noises) // 2 :])
    silero = load_silero()
    recognizer = StreamingRecognizer(
        loaded.whisper, loaded.whisper.tokens, lambda: VoiceActivityDetector(silero), "en", ConfirmedAlignAtt
    )
    run = recognizer.run(np.concatenate((before, sentence, after)))
    began_s, ended_s = len(before) / ASR_RATE_HZ, (len(before) + len(sentence)) / ASR_RATE_HZ
    assert word_errors(SENTENCE, run.text).rate <= 0.2
    assert all(began_s <= one.word.start_s <= one.word.end_s <= ended_s for one in run.words)
