"""Words of a recognition and their times."""

from __future__ import annotations

import pytest

from asr.hypothesis import new_words
from asr.recognition import Recognition

PIECES = {1: " Good", 2: " morn", 3: "ing", 4: ",", 5: " all", 6: ".", 7: " -", 8: "5", 9: "-"}


class Pieces:
    """A splitter over the tokens above."""

    def text(self, tokens: tuple[int, ...]) -> str:
        return "".join(PIECES[token] for token in tokens)

    def split(self, tokens: tuple[int, ...], language: str) -> list[tuple[int, ...]]:
        words: list[tuple[int, ...]] = []
        for token in tokens:
            if not words or PIECES[token].startswith(" "):
                words.append(())
            words[-1] = (*words[-1], token)
        return words


GOOD_MORNING = Recognition((1, 2, 3, 4, 5, 6), 1, (0.4, 0.6, 0.9, 1.6, 2.0, 2.4), 0.0, -0.1)


def test_the_forced_prefix_is_left_out() -> None:
    found = new_words(GOOD_MORNING, Pieces(), language="en", window_start_s=0.0)
    assert [word.text for word in found] == ["morning,", "all."]


def test_the_pause_after_a_word_belongs_to_its_comma_and_not_to_the_word() -> None:
    morning, everyone = new_words(GOOD_MORNING, Pieces(), language="en", window_start_s=0.0)
    assert (morning.start_s, morning.end_s) == (0.4, 0.9)
    assert (everyone.start_s, everyone.end_s) == (1.6, 2.0)


def test_times_are_those_of_the_source_stream() -> None:
    found = new_words(GOOD_MORNING, Pieces(), language="en", window_start_s=10.0)
    assert found[0].end_s == pytest.approx(10.9)


def test_no_word_lies_before_what_is_committed() -> None:
    found = new_words(GOOD_MORNING, Pieces(), language="en", window_start_s=0.0, not_before_s=1.0)
    assert (found[0].start_s, found[0].end_s) == (1.0, 1.0)


def test_a_word_after_a_long_silence_does_not_begin_with_the_silence() -> None:
    late = Recognition((1,), 0, (5.0,), 0.0, -0.1)
    assert new_words(late, Pieces(), language="en", window_start_s=0.0)[0].start_s == pytest.approx(3.8)


def test_a_word_is_shown_without_the_hyphen_before_it() -> None:
    spoken = Recognition((1, 7, 3, 9, 3), 0, (0.2, 0.3, 0.6, 0.7, 0.9), 0.0, -0.1)
    assert [word.text for word in new_words(spoken, Pieces(), language="en", window_start_s=0.0)] == ["Good", "ing-ing"]


def test_a_number_keeps_its_minus() -> None:
    cold = Recognition((7, 8), 0, (0.2, 0.6), 0.0, -0.1)
    assert [word.text for word in new_words(cold, Pieces(), language="en", window_start_s=0.0)] == ["-5"]
