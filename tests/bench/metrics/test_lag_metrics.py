"""The published lag metrics on examples small enough to reckon by hand."""

from __future__ import annotations

import pytest

from bench.events import ClauseHeard
from bench.metrics.average_lagging import average_lagging
from bench.metrics.average_token_delay import heard_delay, speech_delay, text_delay
from bench.metrics.discontinuity import discontinuities
from bench.metrics.ear_voice_span import ear_voice_spans
from bench.metrics.end_offset import end_offset
from bench.metrics.laal import length_adaptive_average_lagging
from bench.metrics.lag_slope import lag_slope
from bench.metrics.start_offset import start_offset


def test_wait_3_on_six_words_lags_by_three() -> None:
    # d = 3 4 5 6 6 6, ideal 0 1 2 3: the fourth word is the first with all of the source
    assert average_lagging([3, 4, 5, 6, 6, 6], source_s=6, target_words=6) == 3


def test_a_long_winded_output_gains_nothing_in_laal() -> None:
    delays = [2.0, 2.0, 4.0, 4.0]
    # AL with 2 reference words: (2 - 0 + 2 - 2 + 4 - 4) / 3; LAAL with 4: (2 - 0 + 2 - 1 + 4 - 2) / 3
    assert average_lagging(delays, source_s=4, target_words=2) == pytest.approx(2 / 3)
    assert length_adaptive_average_lagging(delays, source_s=4, reference_words=2) == pytest.approx(5 / 3)


def test_a_first_word_after_the_source_s_end_is_its_own_lag() -> None:
    assert average_lagging([7.0, 8.0], source_s=6, target_words=2) == 7.0


def test_no_word_has_no_lag() -> None:
    with pytest.raises(ValueError):
        average_lagging([], source_s=1, target_words=1)


def test_token_delay_of_text_holds_each_word_against_a_source_token() -> None:
    # 0.6 s heard = 2 source tokens ending at 0.3 and 0.6; words at 0.6 and 0.6: delays 0.3 and 0
    assert text_delay([0.6, 0.6]) == pytest.approx(0.15)


def test_token_delay_of_speech_counts_its_length() -> None:
    # 0.6 s of voice from 0.6 on: tokens end at 0.9 and 1.2, source tokens at 0.3 and 0.6
    assert speech_delay([0.6], [0.6]) == pytest.approx(0.6)


def test_speech_that_began_late_is_late_by_as_much() -> None:
    assert heard_delay([0.6], [0.6], begins_s=[1.6]) == pytest.approx(1.6)


def test_offsets_are_taken_from_the_first_piece_and_the_last() -> None:
    assert start_offset([1.5, 2.0]) == 1.5
    assert end_offset([(1.5, 1.0), (3.0, 2.0)], source_s=4.0) == 1.0


def test_a_silence_is_what_lies_between_two_pieces() -> None:
    assert discontinuities([1.0, 1.5, 4.0], [1.0, 1.0, 1.0]) == [1.0]


def test_the_span_runs_from_the_last_source_word_to_the_voice() -> None:
    events = [
        ClauseHeard(0, "Bom dia.", 0.0, 1.0, 1.2, 2.0, at_s=3.0, duration_s=4.0, told_span_s=2.0),
        ClauseHeard(1, "Tudo bem?", 1.0, 2.0, 2.5, 3.0, at_s=7.0, duration_s=1.0, told_span_s=5.0),
    ]
    assert ear_voice_spans(events) == [2.0, 5.0]
    # Ideal: at 1.2 s, and the second when the first is over, at 5.2 s.
    assert ear_voice_spans(events, ideal=True) == pytest.approx([0.2, 3.2])


def test_a_lag_that_grows_by_a_second_a_minute_has_slope_one() -> None:
    slope = lag_slope([0, 60, 120, 180], [1, 2, 3, 4])
    assert slope is not None
    assert (slope.s_per_min, slope.low, slope.high) == pytest.approx((1, 1, 1))


def test_the_slope_s_interval_is_student_s() -> None:
    slope = lag_slope([0, 60, 120], [0, 1, 0])
    assert slope is not None
    # residuals -1/3, 2/3, -1/3: variance 2/3 over one degree of freedom, spread 2; t = 12.706
    assert slope.s_per_min == pytest.approx(0)
    assert slope.high == pytest.approx(12.706 * (1 / 3) ** 0.5, rel=1e-3)


def test_two_points_have_no_slope() -> None:
    assert lag_slope([0, 60], [1, 2]) is None
