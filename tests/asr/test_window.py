"""The rolling window: trimmed where it hurts least, never longer than it may be."""

from __future__ import annotations

import numpy as np

from asr.window import KEPT_WORDS, LONGEST_BACKLOG_S, LONGEST_CALL_S, RecognitionWindow
from streaming.audio import ASR_RATE_HZ
from tests.asr.hypotheses import words
from tests.asr.sounds import silence


def window_of(seconds: float) -> RecognitionWindow:
    window = RecognitionWindow(0)
    window.push(silence(seconds))
    return window


def test_short_committed_speech_is_not_trimmed() -> None:
    window = window_of(4)
    window.commit(words("one two three four five six"))
    assert window.start == 0
    assert window.prefix == (0, 1, 2, 3, 4, 5)


def test_a_long_window_is_trimmed_but_for_the_last_words() -> None:
    window = window_of(7)
    window.commit(words("a b c d e f g h i j k l"))
    assert len(window.prefix) == KEPT_WORDS
    assert window.start == (12 - KEPT_WORDS) * ASR_RATE_HZ // 2


def test_it_is_cut_after_a_sentence_rather_than_elsewhere() -> None:
    window = window_of(7)
    window.commit(words("a b c d. e f, g h i j k l"))
    assert window.prefix == (4, 5, 6, 7, 8, 9, 10, 11)


def test_it_is_cut_at_a_clause_where_no_sentence_ends() -> None:
    window = window_of(7)
    window.commit(words("a b c d e f, g h i j k l"))
    assert window.prefix == (6, 7, 8, 9, 10, 11)


def test_one_recognition_takes_no_more_than_its_bound() -> None:
    assert len(window_of(25).audio(25 * ASR_RATE_HZ)) == LONGEST_CALL_S * ASR_RATE_HZ


def test_audio_that_waits_is_bounded_and_the_loss_counted() -> None:
    window = window_of(LONGEST_BACKLOG_S)
    window.push(silence(5))
    assert window.end - window.start == LONGEST_BACKLOG_S * ASR_RATE_HZ
    assert window.dropped == 5 * ASR_RATE_HZ


def test_forgetting_audio_forgets_the_words_in_it() -> None:
    window = RecognitionWindow(0)
    window.push(np.arange(5 * ASR_RATE_HZ, dtype=np.float32))
    window.commit(words("a b c d"))
    window.forget_before(ASR_RATE_HZ)
    assert window.prefix == (2, 3)
    assert window.audio(window.end)[0] == ASR_RATE_HZ


def test_a_word_that_begins_with_the_window_is_forced_wherever_in_the_stream_that_is() -> None:
    for start in range(0, 600 * ASR_RATE_HZ, 1600):
        window = RecognitionWindow(start)
        window.push(silence(2))
        window.commit(words("a b", start_s=start / ASR_RATE_HZ))
        assert window.prefix == (0, 1)
