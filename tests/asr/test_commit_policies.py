"""AlignAtt, with and without confirmation, and LocalAgreement-2: what they commit, and that it stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.align_att import AlignAtt
from asr.commit_policy import CommitPolicy
from asr.confirmed_align_att import ConfirmedAlignAtt
from asr.hypothesis import HypothesisWord
from asr.local_agreement import LocalAgreement
from tests.asr.hypotheses import words

POLICIES: list[Callable[[], CommitPolicy]] = [AlignAtt, ConfirmedAlignAtt, LocalAgreement]


def texts(committed: list[HypothesisWord]) -> str:
    return " ".join(word.text for word in committed)


def test_align_att_commits_words_that_end_before_the_threshold() -> None:
    assert texts(AlignAtt().push(words("a b c d"), audio_end_s=1.9)) == "a b c"


def test_align_att_holds_words_in_the_last_frames() -> None:
    assert texts(AlignAtt().push(words("a b c d"), audio_end_s=1.7)) == "a b"


def test_align_att_never_commits_the_last_word_before_the_end() -> None:
    assert texts(AlignAtt().push(words("a b"), audio_end_s=60.0)) == "a"


def test_align_att_commits_nothing_behind_a_word_it_holds() -> None:
    late, early = words("late", start_s=5.0), words("early then")
    assert AlignAtt().push([*late, *early], audio_end_s=3.0) == []


def test_local_agreement_commits_what_two_hypotheses_share() -> None:
    policy = LocalAgreement()
    assert texts(policy.push(words("the cat sad"), audio_end_s=2.0)) == ""
    assert texts(policy.push(words("The cat, sat on"), audio_end_s=3.0)) == "The cat,"
    assert texts(policy.push(words("sat on it"), audio_end_s=4.0)) == "sat on"


def doubtful(text: str, place: int) -> list[HypothesisWord]:
    """Words of which one is unsure."""
    return [replace(word, probability=0.4) if at == place else word for at, word in enumerate(words(text))]


def test_a_sure_word_needs_no_confirmation() -> None:
    assert texts(ConfirmedAlignAtt().push(words("a b c d"), audio_end_s=1.75)) == "a b c"


def test_a_doubtful_word_waits_until_it_is_said_again() -> None:
    policy = ConfirmedAlignAtt()
    assert texts(policy.push(doubtful("we met tuesday then", 2), audio_end_s=2.0)) == "we met"
    assert texts(policy.push(doubtful("Tuesday, then we", 0), audio_end_s=1.25)) == "Tuesday, then"


def test_a_doubtful_word_that_changed_waits_on() -> None:
    policy = ConfirmedAlignAtt()
    policy.push(doubtful("we met tuesday then", 2), audio_end_s=2.0)
    assert texts(policy.push(doubtful("thursday then we", 0), audio_end_s=1.2)) == ""


def test_a_doubtful_word_that_changed_does_not_wait_for_ever() -> None:
    policy = ConfirmedAlignAtt()
    policy.push(doubtful("we met tuesday then", 2), audio_end_s=2.0)
    assert texts(policy.push(doubtful("thursday then we", 0), audio_end_s=2.6)) == "thursday then"


def test_an_old_word_that_is_doubted_at_its_first_hearing_waits_for_another() -> None:
    assert texts(ConfirmedAlignAtt().push(doubtful("we met tuesday then", 2), audio_end_s=3.0)) == "we met"


@pytest.mark.parametrize("policy", [AlignAtt(), ConfirmedAlignAtt(), LocalAgreement()])
def test_the_end_of_the_utterance_commits_all(policy: CommitPolicy) -> None:
    assert texts(policy.flush(words("a b c"))) == "a b c"


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=8), max_size=8), st.sampled_from(POLICIES))
def test_committed_is_always_a_prefix_of_the_hypothesis(
    hypotheses: list[list[str]], new_policy: Callable[[], CommitPolicy]
) -> None:
    policy = new_policy()
    for step, hypothesis in enumerate(hypotheses):
        pushed = words(" ".join(hypothesis))
        committed = policy.push(pushed, audio_end_s=float(step))
        assert committed == pushed[: len(committed)]
