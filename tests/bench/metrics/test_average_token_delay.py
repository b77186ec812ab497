from collections.abc import Callable

import pytest

from bench.metrics.average_token_delay import heard_delay, speech_delay, text_delay, written_delay


def test_words_are_held_against_the_source_tokens_of_their_chunk() -> None:
    # Source tokens end at 0.3, 0.6 | 0.9, 1.2; words at 0.6, 0.6 answer the first two, the one at 1.2 the third.
    assert text_delay([0.6, 0.6, 1.2]) == pytest.approx((0.3 + 0.0 + 0.3) / 3)


def test_compute_delays_the_words() -> None:
    assert text_delay([0.6], elapsed_s=[0.8]) == pytest.approx(0.5)


def test_words_written_live_are_each_as_late_as_they_were() -> None:
    # Each is 0.2 s behind what it rests on, and a lag that does not grow counts for all; then one is 0.3 s later still.
    assert written_delay([0.6, 0.6, 1.2], written_s=[0.8, 0.8, 1.4]) == pytest.approx(0.2 + 0.2)
    assert written_delay([0.6, 0.6, 1.2], written_s=[0.8, 1.1, 1.4]) == pytest.approx(0.2 + 0.2 + 0.1)


def test_words_written_at_once_have_the_plain_delay() -> None:
    delays = [0.3, 0.3, 0.3, 0.9, 1.8, 1.8]
    assert written_delay(delays, written_s=delays) == pytest.approx(text_delay(delays))


def test_speech_ends_a_token_after_the_other() -> None:
    # 0.6 s of speech from 0.6 on ends its tokens at 0.9 and 1.2, against source tokens that end at 0.3 and 0.6.
    assert speech_delay([0.6], [0.6]) == pytest.approx(0.6)


def test_speech_waits_for_the_piece_before_it() -> None:
    # The second piece is there at 0.6 but begins at 0.9, when the first is over: its token ends at 1.2, 0.6 late.
    assert speech_delay([0.3, 0.6], [0.6, 0.3]) == pytest.approx((0.3 + 0.6 + 0.6) / 3)


def test_a_read_that_floats_make_a_little_long_has_no_further_token() -> None:
    # 1.5 - 0.6 is 0.9 and a little: with a fourth token in it, the last word would answer to 1.5 s instead of to 1.8.
    delays = [0.6, 1.5, 1.5, 1.5, 1.8, 1.8]
    assert text_delay(delays) == pytest.approx((0.3 + 0.9 + 0.6 + 0.3 + 0.3 + 0.0) / 6)


def test_speech_heard_live_is_reckoned_from_when_it_began() -> None:
    # Begun at 1.0 instead of 0.6: 0.4 s later than the ideal.
    assert heard_delay([0.6], [0.6], begins_s=[1.0]) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "call",
    [
        lambda: text_delay([]),
        lambda: written_delay([], written_s=[]),
        lambda: speech_delay([], []),
        lambda: speech_delay([1.0], [0.0]),
    ],
)
def test_no_output_is_refused(call: Callable[[], float]) -> None:
    with pytest.raises(ValueError):
        call()
