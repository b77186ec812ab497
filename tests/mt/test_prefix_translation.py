"""What is asked of the model for a growing sentence, with answers written by hand."""

from __future__ import annotations

from mt.greedy import EMPTY_TARGET, TargetState
from mt.prefix_translation import PrefixTranslation
from mt.terminology import Terminology
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK
from streaming.glossary import parse_glossary

TERMS = "budget\torçamento\tnoun\ndata lake\tlago de dados\tnoun\nchurn\tevasão\tnoun\n"


def _plain(policy: WaitK | None = None) -> PrefixTranslation:
    return PrefixTranslation("en", policy or WaitK())


def _with_terms() -> PrefixTranslation:
    glossary = parse_glossary(TERMS, source_language="en", target_language="pt")
    return PrefixTranslation("en", WaitK(), Terminology(glossary))


def _ask(translation: PrefixTranslation, text: str, *, final: bool = False, k: int = 2) -> TranslateRequest:
    request = translation.ask(text.split(), final=final, k=k)
    assert request is not None
    return request


def _answer(text: str) -> TranslateResult:
    words = tuple(text.split())
    return TranslateResult(words, TargetState(tuple(range(len(words)))))


def test_nothing_is_asked_before_k_words_are_read() -> None:
    assert _plain().ask(["we"], final=False, k=2) is None


def test_with_k_words_read_one_word_is_asked_for_and_due() -> None:
    request = _ask(_plain(), "we go")
    assert (request.source, request.words, request.due, request.final) == ("we go", 1, 1, False)


def test_words_that_are_written_are_not_asked_for_again() -> None:
    translation = _plain()
    _ask(translation, "we go to the")
    translation.take(_answer("nós vamos"))
    request = _ask(translation, "we go to the river")
    assert (request.words, request.due) == (2, 2)


def test_nothing_is_asked_while_as_much_as_may_be_is_written() -> None:
    translation = _plain()
    _ask(translation, "we go")
    translation.take(_answer("nós vamos agora"))
    assert translation.ask(["we", "go", "to"], final=False, k=2) is None


def test_the_state_of_the_last_answer_is_gone_on_from() -> None:
    translation = _plain()
    assert _ask(translation, "we go").target == EMPTY_TARGET
    translation.take(TranslateResult(("nós",), TargetState((7, 8))))
    assert _ask(translation, "we go to").target == TargetState((7, 8))


def test_the_words_of_an_answer_are_given_back_when_it_is_taken() -> None:
    assert _plain().take(_answer("nós vamos")) == ("nós", "vamos")


def test_fillers_and_repeats_do_not_count_as_read() -> None:
    translation = _plain()
    assert translation.ask(["we", "uh", "we"], final=False, k=2) is None
    assert _ask(translation, "we uh we go").source == "we go"


def test_the_end_is_asked_for_however_few_words_there_are() -> None:
    request = _ask(_plain(), "go", final=True, k=5)
    assert request.final and request.source == "go"


def test_an_end_without_content_asks_nothing() -> None:
    assert _plain().ask(["uh", "um."], final=True, k=1) is None


def test_a_tentative_continuation_is_asked_for_where_nothing_may_be_committed() -> None:
    request = _plain().ask(["we"], final=False, k=3, tentative_words=4)
    assert request == TranslateRequest("we", final=False, tentative_words=4)


def test_the_end_has_no_tentative_continuation() -> None:
    request = _plain().ask(["go"], final=True, k=3, tentative_words=4)
    assert request is not None and request.tentative_words == 0


def test_with_haste_and_patience_fewer_words_are_due_than_allowed() -> None:
    request = _ask(_plain(WaitK(haste=1, patience=1, read_above=0.3)), "we go to the river")
    assert (request.words, request.due, request.read_above) == (5, 3, 0.3)


def test_a_term_is_read_by_its_translation() -> None:
    assert _ask(_with_terms(), "approve the budgets today").source == "approve the orçamentos today"


def test_a_model_that_tells_the_end_by_its_mark_gets_one_there_and_only_there() -> None:
    translation = PrefixTranslation("en", WaitK(), marks_end=True)
    assert _ask(translation, "we go to").source == "we go to"
    assert _ask(translation, "we go to town,", final=True).source == "we go to town."
    assert _ask(translation, "we go?", final=True).source == "we go?"


def test_what_may_become_a_term_is_held_back() -> None:
    translation = _with_terms()
    assert translation.ask(["the", "data"], final=False, k=2) is None
    assert _ask(translation, "the data lake").source == "the lago de dados"


def test_what_may_become_a_term_is_translated_at_the_end() -> None:
    assert _ask(_with_terms(), "the data", final=True).source == "the data"
