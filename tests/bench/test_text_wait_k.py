"""Wait-k on text, with a translator that writes each source word in capitals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bench.text_wait_k import TextWaitK
from mt.content_words import content_words
from mt.greedy import TargetState
from mt.translator import TranslateRequest, TranslateResult, Translator
from mt.wait_k import WaitK
from server.models import ModelStore


@dataclass
class Shouter:
    name: str = "shouter"
    max_batch: int = 2
    threads: int = 1
    batches: list[int] = field(default_factory=list)

    def run(self, batch: Sequence[TranslateRequest]) -> list[TranslateResult]:
        self.batches.append(len(batch))
        return [self._translate(request) for request in batch]

    def _translate(self, request: TranslateRequest) -> TranslateResult:
        words = request.source.upper().split()
        done = len(request.target.tokens)
        end = len(words) if request.final else min(len(words), done + request.words)
        return TranslateResult(tuple(words[done:end]), TargetState(tuple(range(end))))


def test_k_words_are_read_before_the_first_is_written_then_one_a_word() -> None:
    run = TextWaitK(Shouter(), "en", policy=WaitK(1.0)).run(["a b c d"], 2)
    assert run.sentences[0].text == "A B C D"
    assert run.sentences[0].delays == (2, 3, 4, 4)


def test_without_k_the_sentence_is_translated_in_one_request() -> None:
    run = TextWaitK(Shouter(), "en", policy=WaitK(1.0)).run(["a b c d"], None)
    assert run.sentences[0].delays == (4, 4, 4, 4)
    assert run.requests == 1


def test_a_sentence_shorter_than_k_is_translated_at_its_end() -> None:
    run = TextWaitK(Shouter(), "en", policy=WaitK(1.0)).run(["a b"], 5)
    assert run.sentences[0].delays == (2, 2)


def test_a_filler_is_read_but_not_translated() -> None:
    run = TextWaitK(Shouter(), "en", policy=WaitK(1.0)).run(["a uh b c"], 1)
    assert run.sentences[0].text == "A B C"
    assert run.sentences[0].delays == (1, 3, 4)


def test_sentences_share_calls_and_keep_their_order() -> None:
    shouter = Shouter()
    run = TextWaitK(shouter, "en", policy=WaitK(1.0)).run(["a b c", "d", "e f"], 1)
    assert [sentence.text for sentence in run.sentences] == ["A B C", "D", "E F"]
    assert shouter.batches == [2, 2, 2]
    assert (run.calls, run.requests) == (3, 6)


@pytest.mark.e2e
def test_the_full_run_equals_sentence_by_sentence_translation(models: ModelStore) -> None:
    folder = models.student("en", "pt")
    assert folder is not None
    translator = Translator(folder)
    lines = ["The uh train leaves at nine.", "We hope that everyone can come to the next meeting.", "Thank you."]
    run = TextWaitK(translator, "en", policy=WaitK(1.06)).run(lines, None)
    sources = [" ".join(content_words(line.split(), "en")) for line in lines]
    alone = [translator.run([TranslateRequest(source, final=True)])[0].words for source in sources]
    assert [sentence.words for sentence in run.sentences] == alone
