from bench.metrics.discontinuity import discontinuities


def test_a_piece_that_comes_after_the_one_before_it_has_ended_leaves_a_silence() -> None:
    # 1-2, waited 2-4, 4-7, the third queues 7-8, waited 8-10.
    assert discontinuities([1.0, 4.0, 5.0, 10.0], [1.0, 3.0, 1.0, 1.0]) == [2.0, 2.0]


def test_speech_without_a_gap_has_none() -> None:
    assert discontinuities([1.0, 1.5], [1.0, 1.0]) == []
    assert discontinuities([], []) == []


def test_what_rounding_leaves_is_no_silence() -> None:
    # 0.1 + 0.7 is a little under 0.8.
    assert discontinuities([0.1, 0.8], [0.7, 1.0]) == []
