"""Tokens and whole words, on a vocabulary made for the test."""

from __future__ import annotations

from pathlib import Path

import pytest
import sentencepiece
from hypothesis import given
from hypothesis import strategies as st

from mt.tokenizer import Tokenizer
from streaming.errors import BadInput, ModelMissing

TEXT = ["the cat sat on the mat.", "a dog ran, and the cat sat still!", "who ran on the mat? the dog."]


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    prefix = tmp_path_factory.mktemp("vocabulary") / "tiny"
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXT),
        model_prefix=str(prefix),
        vocab_size=29,
        eos_id=0,
        unk_id=1,
        bos_id=-1,
        minloglevel=2,
    )
    return Tokenizer(prefix.with_suffix(".model"))


def test_the_words_of_a_text_come_back_with_their_punctuation(tokenizer: Tokenizer) -> None:
    assert tokenizer.words(tokenizer.encode(TEXT[1])) == TEXT[1].split()


def test_only_marks_that_close_a_sentence_end_it(tokenizer: Tokenizer) -> None:
    ends = {mark: bool(tokenizer.ends_sentence[tokenizer.encode(mark)[-1]]) for mark in (".", "!", "?", ",", "t")}
    assert ends == {".": True, "!": True, "?": True, ",": False, "t": False}


@given(st.lists(st.sampled_from(" ".join(TEXT).split()), max_size=10))
def test_any_words_come_back_as_they_were(tokenizer: Tokenizer, words: list[str]) -> None:
    assert tokenizer.words(tokenizer.encode(" ".join(words))) == words


def test_a_file_that_is_no_vocabulary_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "vocab.spm"
    with pytest.raises(ModelMissing):
        Tokenizer(path)
    path.write_bytes(b"not a model")
    with pytest.raises(BadInput):
        Tokenizer(path)
