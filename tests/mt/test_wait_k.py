"""The wait-k policy: worked examples and what holds for every run of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.wait_k import WaitK, Writable
from streaming.errors import BadInput


def _run(policy: WaitK, source_words: int, target_words: int, k: list[int]) -> list[tuple[int, int]]:
    """(read, written) after each action, one word at a time; k may be another after each word read."""
    read = written = 0
    trace = []
    while written < target_words:
        if read == source_words or written < policy.writable(read, k=k[read % len(k)]).due:
            written += 1
        else:
            read += 1
        trace.append((read, written))
    return trace


def test_wait_2_alternates_after_two_words_and_ends_with_writes() -> None:
    assert _run(WaitK(), 4, 4, [2]) == [(1, 0), (2, 0), (2, 1), (3, 1), (3, 2), (4, 2), (4, 3), (4, 4)]


@pytest.mark.parametrize(("read", "writable"), [(0, 0), (2, 0), (3, 1), (4, 2), (10, 8)])
def test_wait_3_lets_read_minus_2_words_stand(read: int, writable: int) -> None:
    assert WaitK().writable(read, k=3) == Writable(due=writable, allowed=writable)


def test_a_longer_target_language_catches_up() -> None:
    assert [WaitK(1.5).writable(read, k=2).due for read in range(2, 7)] == [1, 3, 4, 6, 7]


def test_the_first_word_is_not_held_back_by_a_shorter_target_language() -> None:
    assert WaitK(0.5).writable(3, k=3).due == 1


def test_a_smaller_k_in_mid_sentence_writes_what_it_allows_at_once() -> None:
    assert [WaitK().writable(4, k=k).due for k in (3, 1)] == [2, 4]


def test_between_haste_and_patience_the_model_decides() -> None:
    policy = WaitK(haste=1, patience=2)
    assert [policy.writable(read, k=3) for read in (1, 2, 4, 5)] == [
        Writable(due=0, allowed=0),
        Writable(due=0, allowed=1),
        Writable(due=0, allowed=3),
        Writable(due=1, allowed=4),
    ]


def test_haste_never_writes_before_a_word_is_read() -> None:
    assert WaitK(haste=5).writable(0, k=2).allowed == 0


@given(
    ratio=st.floats(0.5, 2),
    source_words=st.integers(0, 30),
    target_words=st.integers(1, 40),
    k=st.lists(st.integers(1, 9), min_size=1, max_size=5),
)
def test_every_run_writes_all_and_nothing_before_k_words(
    ratio: float, source_words: int, target_words: int, k: list[int]
) -> None:
    trace = _run(WaitK(ratio), source_words, target_words, k)
    assert trace == sorted(trace)
    assert trace[-1][1] == target_words
    assert all(read >= min(*k, source_words) for read, written in trace if written)


def test_a_model_without_a_policy_of_its_own_is_never_pressed(tmp_path: Path) -> None:
    assert WaitK.of_model(tmp_path).writable(50, k=3) == Writable(due=0, allowed=48)


def test_a_tuned_model_names_its_policy(tmp_path: Path) -> None:
    (tmp_path / "policy.json").write_text('{"ratio": 1.5, "haste": 1, "patience": 2, "read_above": 0.4}', "utf-8")
    assert WaitK.of_model(tmp_path) == WaitK(1.5, haste=1, patience=2, read_above=0.4)


@pytest.mark.parametrize("text", ["{", "[1]", '{"hurry": 1}'])
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "policy.json").write_text(text, "utf-8")
    with pytest.raises(BadInput, match=r"policy\.json"):
        WaitK.of_model(tmp_path)
