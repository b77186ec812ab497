from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.budget import Knobs
from streaming.items import Clause, TargetWord
from tts.clauses import HARD_MAX_WORDS, MAX_WORDS, ClauseCutter
from tts.voice_backlog import MAKING_SHARE, VoiceBacklog

KNOBS = Knobs(clause_wait_s=1.0)


def words(text: str, start_s: float = 0.0) -> list[TargetWord]:
    return [TargetWord(text, start_s + i, start_s + i + 1) for i, text in enumerate(text.split())]


def texts(clauses: list[Clause]) -> list[str]:
    return [clause.text for clause in clauses]


def cut_one_by_one(text: str, language: str) -> list[str]:
    cutter = ClauseCutter(language, VoiceBacklog())
    clauses = []
    for word in words(text):
        clauses += cutter.push([word], False, 0.0, KNOBS)
    return texts(clauses + cutter.flush(0.0, KNOBS))


def test_a_sentence_end_cuts_at_once() -> None:
    clauses = ClauseCutter("pt", VoiceBacklog()).push(words("Bom dia. Vamos"), False, 0.0, KNOBS)
    assert texts(clauses) == ["Bom dia."]
    assert clauses[0].sentence_end


def test_a_comma_cuts_when_enough_is_said() -> None:
    clauses = ClauseCutter("pt", VoiceBacklog()).push(words("Se a gente esperar, o"), False, 0.0, KNOBS)
    assert texts(clauses) == ["Se a gente esperar,"]
    assert not clauses[0].sentence_end


def test_a_comma_after_one_word_does_not_cut() -> None:
    assert ClauseCutter("pt", VoiceBacklog()).push(words("Não, eu"), False, 0.0, KNOBS) == []


def test_a_conjunction_cuts_before_it_when_the_clause_is_long_enough() -> None:
    assert cut_one_by_one("The team finished the report last night and will send it to everybody tomorrow", "en") == [
        "The team finished the report last night",
        "and will send it to everybody tomorrow",
    ]


def test_a_relative_pronoun_cuts_before_it_in_portuguese() -> None:
    assert cut_one_by_one("Os engenheiros da fábrica descobriram ontem que a bateria esquenta demais", "pt")[0] == (
        "Os engenheiros da fábrica descobriram ontem"
    )


def test_a_short_complete_sentence_stays_whole() -> None:
    cutter = ClauseCutter("en", VoiceBacklog())
    assert texts(cutter.push(words("I think it is late, and cold."), True, 0.0, KNOBS)) == [
        "I think it is late, and cold."
    ]


def test_no_single_word_is_left_over_when_the_end_is_known() -> None:
    sentence = "We will go to the market with all the children, obviously."
    assert texts(ClauseCutter("en", VoiceBacklog()).push(words(sentence), True, 0.0, KNOBS)) == [sentence]


def test_an_abbreviation_or_initial_ends_no_sentence() -> None:
    assert ClauseCutter("en", VoiceBacklog()).push(words("Then Dr. J. Smith"), False, 0.0, KNOBS) == []


def test_a_long_run_without_any_break_is_cut_at_the_maximum() -> None:
    clauses = ClauseCutter("de", VoiceBacklog()).push(words(" ".join(["wort"] * 30)), False, 0.0, KNOBS)
    assert [len(clause.text.split()) for clause in clauses] == [MAX_WORDS, MAX_WORDS]


def test_words_that_bind_for_ever_are_cut_at_the_hard_maximum() -> None:
    clauses = ClauseCutter("pt", VoiceBacklog()).push(words(" ".join(["de"] * 25)), False, 0.0, KNOBS)
    assert [len(clause.text.split()) for clause in clauses] == [HARD_MAX_WORDS]


def test_words_that_waited_long_enough_go_out() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    assert cutter.push(words("Estamos trabalhando hoje"), False, 5.0, KNOBS) == []
    assert cutter.next_deadline() == 6.0
    assert cutter.poll(5.9, KNOBS) == []
    assert texts(cutter.poll(6.0, KNOBS)) == ["Estamos trabalhando hoje"]
    assert cutter.next_deadline() is None


def test_words_wait_until_the_busy_voice_needs_them() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    spoken, waiting = "Estamos trabalhando hoje no projeto inteiro.", "Amanhã vamos conversar"
    for knobs in (KNOBS, replace(KNOBS, tempo=1.25)):
        cutter = ClauseCutter("pt", VoiceBacklog())
        cutter.push(words(spoken), True, 5.0, knobs)
        cutter.push(words(waiting), False, 5.0, knobs)
        voice_s = (MAKING_SHARE + 1) * VoiceBacklog().estimated_s(spoken, knobs.tempo)
        making_s = VoiceBacklog().making_s(waiting, knobs.tempo)
        assert cutter.next_deadline() == pytest.approx(5.0 + voice_s - making_s)


def busy_cutter(until_s: float) -> ClauseCutter:
    """A cutter whose voice speaks until then."""
    backlog = VoiceBacklog()
    backlog.playing_until(until_s)
    return ClauseCutter("pt", backlog)


def test_a_busy_voice_gets_what_is_complete_in_one_piece() -> None:
    sentence = "Se a gente esperar, tudo vai dar muito certo."
    assert texts(busy_cutter(20.0).push(words(sentence), True, 0.0, KNOBS)) == [sentence]
    assert len(busy_cutter(0.5).push(words(sentence), True, 0.0, KNOBS)) == 2


def test_a_busy_voice_gets_the_longest_piece_that_can_be_made_in_time() -> None:
    cutter = busy_cutter(4.0)
    assert cutter.push(words("Se a gente esperar, tudo dá certo, e então"), False, 0.0, KNOBS) == []
    deadline_s = cutter.next_deadline()
    assert deadline_s is not None and 1.0 < deadline_s < 4.0
    assert texts(cutter.poll(deadline_s, KNOBS)) == ["Se a gente esperar, tudo dá certo,"]


def test_a_busy_voice_is_not_kept_from_a_comma_by_the_waiting_time() -> None:
    cutter = busy_cutter(3.0)
    assert cutter.push(words("Se a gente esperar, tudo"), False, 1.0, replace(KNOBS, clause_wait_s=9.0)) == []
    making_s = VoiceBacklog().making_s("Se a gente esperar, tudo", 1.0)
    assert cutter.next_deadline() == pytest.approx(3.0 - making_s)


def test_the_end_of_a_sentence_is_not_left_to_two_words() -> None:
    sentence = "Ferramentas ou dispositivos da empresa podem consumir hoje, ou exibir."
    assert texts(ClauseCutter("pt", VoiceBacklog()).push(words(sentence), True, 0.0, KNOBS)) == [sentence]


def test_a_complement_stays_with_its_noun() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    cutter.push(words("Ela prometeu muitas mensagens de"), False, 0.0, KNOBS)
    assert texts(cutter.poll(1.0, KNOBS)) == ["Ela prometeu"]


def test_a_waiting_article_or_preposition_is_kept_for_its_noun() -> None:
    backlog = VoiceBacklog()
    cutter = ClauseCutter("pt", backlog)
    cutter.push(words("Estamos trabalhando em um"), False, 0.0, KNOBS)
    assert texts(cutter.poll(1.0, KNOBS)) == ["Estamos trabalhando"]
    backlog.leave()
    assert cutter.poll(9.0, KNOBS) == []
    assert cutter.next_deadline() is None
    assert texts(cutter.push(words("projeto"), True, 9.5, KNOBS)) == ["em um projeto"]


def test_a_single_waiting_word_has_more_patience() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    cutter.push(words("Obrigado"), False, 0.0, KNOBS)
    assert cutter.poll(1.0, KNOBS) == []
    assert cutter.next_deadline() == 2.0
    assert texts(cutter.poll(2.0, KNOBS)) == ["Obrigado"]


def test_a_name_and_a_number_with_its_unit_are_not_torn_apart_by_time() -> None:
    cutter = ClauseCutter("en", VoiceBacklog())
    cutter.push(words("She lived near New York 25"), False, 0.0, KNOBS)
    assert texts(cutter.poll(1.0, KNOBS)) == ["She lived near New York"]


def test_punctuation_alone_goes_with_its_neighbour() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    assert texts(cutter.push(words("Bom dia. — Vamos"), False, 0.0, KNOBS)) == ["Bom dia. —"]
    assert texts(cutter.push(words("lá."), True, 0.0, KNOBS)) == ["Vamos lá."]
    assert cutter.push(words("…"), True, 1.0, KNOBS) == []
    assert cutter.next_deadline() is None
    assert texts(cutter.push(words("Sim."), True, 2.0, KNOBS)) == ["… Sim."]


def test_a_sentence_end_that_comes_without_words_ends_what_is_pending() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    cutter.push(words("Até logo"), False, 0.0, KNOBS)
    clauses = cutter.push([], True, 0.5, KNOBS)
    assert texts(clauses) == ["Até logo"]
    assert clauses[0].sentence_end


def test_a_clause_carries_its_source_span_and_the_time_of_its_last_word() -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    cutter.push(words("Até", 3.0), False, 7.0, KNOBS)
    (clause,) = cutter.push(words("logo.", 4.0), True, 7.5, KNOBS)
    assert (clause.index, clause.source_start_s, clause.source_end_s, clause.committed_at_s) == (0, 3.0, 5.0, 7.5)


SOME_TEXT = "a o de que e, casa reunião, terça. Nova York 12 — … não? para com and the that end."
SOME_WORDS = st.lists(
    st.sampled_from(SOME_TEXT.split()),
    max_size=60,
)


@given(SOME_WORDS, st.data())
def test_any_chunking_gives_clauses_that_join_to_the_words(text: list[str], data: st.DataObject) -> None:
    cutter = ClauseCutter(data.draw(st.sampled_from(["pt", "en", "de"])), VoiceBacklog())
    clauses: list[Clause] = []
    now, at = 0.0, 0
    while at < len(text):
        size = data.draw(st.integers(1, 7))
        now += data.draw(st.sampled_from([0.0, 0.3, 2.0]))
        clauses += cutter.poll(now, KNOBS)
        clauses += cutter.push(words(" ".join(text[at : at + size]), at), data.draw(st.booleans()), now, KNOBS)
        at += size
    clauses += cutter.flush(now, KNOBS)
    assert " ".join(texts(clauses)) == " ".join(text)
    assert [clause.index for clause in clauses] == list(range(len(clauses)))
    assert all(
        len(clause.text.split()) <= HARD_MAX_WORDS + len(text) * ("—" in text or "…" in text) for clause in clauses
    )
    assert all(clause.committed_at_s <= now for clause in clauses)


@given(SOME_WORDS)
def test_after_a_flush_nothing_is_left(text: list[str]) -> None:
    cutter = ClauseCutter("pt", VoiceBacklog())
    cutter.push(words(" ".join(text)), False, 0.0, KNOBS)
    cutter.flush(0.0, KNOBS)
    assert cutter.flush(1.0, KNOBS) == []
    assert cutter.next_deadline() is None
