"""AlignAtt and LocalAgreement-2: what they commit, and that it stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from asr.align_att import AlignAtt
from asr.commit_policy import CommitPolicy
from asr.hypothesis import HypothesisWord
from asr.local_agreement import LocalAgreement
from tests.asr.hypotheses import words


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


@pytest.mark.parametrize("policy", [AlignAtt(), LocalAgreement()])
def test_the_end_of_the_utterance_commits_all(policy: CommitPolicy) -> None:
    assert texts(policy.flush(words("a b c"))) == "a b c"


@given(st.lists(st.lists(st.sampled_from("abc"), max_size=8), max_size=8), st.sampled_from([AlignAtt, LocalAgreement]))
def test_committed_is_always_a_prefix_of_the_hypothesis(
    hypotheses: list[list[str]], new_policy: type[AlignAtt] | type[LocalAgreement]
) -> None:
    policy: CommitPolicy = new_policy()
    for step, hypothesis in enumerate(hypotheses):
        pushed = words(" ".join(hypothesis))
        committed = policy.push(pushed, audio_end_s=float(step))
        assert committed == pushed[: len(committed)]
