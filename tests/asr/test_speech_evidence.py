"""Speech probabilities by place."""

from __future__ import annotations

import pytest

from asr.speech_evidence import KEPT_S, SpeechEvidence
from asr.vad import CHUNK
from streaming.audio import ASR_RATE_HZ

CHUNK_S = CHUNK / ASR_RATE_HZ


def evidence(probabilities: list[float], *, start: int = 0) -> SpeechEvidence:
    evidence = SpeechEvidence()
    for index, probability in enumerate(probabilities):
        evidence.push(start + index * CHUNK, probability)
    return evidence


def test_the_peak_is_that_of_the_chunks_that_the_span_touches() -> None:
    heard = evidence([0.9, 0.1, 0.6, 0.95])
    assert heard.peak(CHUNK_S, 2 * CHUNK_S) == 0.1
    assert heard.peak(CHUNK_S, 2 * CHUNK_S + 0.001) == 0.6
    assert heard.peak(CHUNK_S - 0.001, 2 * CHUNK_S) == 0.9


def test_a_clear_voice_is_counted_in_seconds() -> None:
    assert evidence([0.9, 0.89, 0.99, 0.2]).clear_s(0.0, 1.0) == pytest.approx(2 * CHUNK_S)


def test_where_nothing_is_known_there_is_no_voice() -> None:
    heard = evidence([0.9], start=ASR_RATE_HZ)
    assert heard.peak(0.0, 1.0) == 0.0
    assert heard.clear_s(2.0, 3.0) == 0.0
    assert heard.peak(1.0, 1.01) == 0.9


def test_what_is_old_is_forgotten() -> None:
    heard = evidence([0.9] * int(1.5 * KEPT_S / CHUNK_S))
    assert heard.peak(0.0, 0.4 * KEPT_S) == 0.0
    assert heard.peak(0.6 * KEPT_S, KEPT_S) == 0.9
