from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from server.transcript_lines import Line, TranscriptLines
from streaming.items import BudgetChanged, Clause, ClauseSkipped, Event, TargetWord, Transcript, Translation, Word


def heard(text: str, begin: int = 0, *, language: str = "en", pause: bool = False) -> Transcript:
    """Each word takes a second."""
    words = tuple(Word(word, begin + n, begin + n + 1) for n, word in enumerate(text.split()))
    return Transcript(language, words, utterance_end=pause)


def translated(text: str, end: float, *, ends: bool = False, original: bool = False) -> Translation:
    """Rests on the second before `end`."""
    words = tuple(TargetWord(word, end - 1, end) for word in text.split())
    return Translation("pt", words, sentence_end=ends, original=original)


def skipped(text: str, end: float) -> ClauseSkipped:
    return ClauseSkipped(Clause(0, "pt", text, end - 1, end, 0.0, False), "skipped to catch up")


def lines(*events: Event) -> list[Line]:
    """What stands in the end: a line replaces that of the same place."""
    cutter, kept = TranscriptLines(), {}
    for at, event in enumerate(events):
        for line in cutter.push(event, float(at)):
            kept[line.original, line.language, line.place] = line
    return sorted(kept.values(), key=lambda line: (not line.original, line.place))


def texts(*events: Event) -> list[str]:
    return [f"({line.text})" if line.skipped else line.text for line in lines(*events)]


def test_words_are_gathered_to_sentences() -> None:
    assert texts(heard("Good"), heard("day. How", 1), heard("are you?", 3)) == ["Good day.", "How are you?"]


def test_a_line_has_the_time_of_its_speech_and_of_its_last_commit() -> None:
    (line,) = lines(heard("Good"), heard("day.", 1))
    assert line == Line("en", True, 0, "Good day.", 0.0, 2.0, said_at=1.0)


def test_what_is_committed_does_not_wait_for_the_end_of_its_sentence() -> None:
    assert [line.text for line in TranscriptLines().push(heard("We have"), 0.0)] == ["We have"]


def test_a_pause_ends_a_sentence_without_a_mark() -> None:
    assert texts(heard("well", pause=True), heard("yes", 3)) == ["well", "yes"]


def test_another_language_begins_a_line() -> None:
    both = lines(heard("so"), heard("pois", 1, language="pt"))
    assert [(line.language, line.text) for line in both] == [("en", "so"), ("pt", "pois")]


def test_a_translation_is_cut_where_its_sentence_ends() -> None:
    assert texts(translated("Bom", 1), translated("dia.", 2, ends=True), translated("Como", 3)) == ["Bom dia.", "Como"]


def test_only_new_committed_words_of_somebody_make_lines() -> None:
    own_words = translated("bom dia", 1, original=True)
    by_recognition = Transcript("en", (Word("good", 0, 1),), translated_from="fr")
    tentative = Transcript("en", (), (Word("good", 0, 1),))
    assert not lines(own_words, by_recognition, tentative, Translation("pt", (), "bom"), BudgetChanged(1, "", 4.0))


def test_a_skipped_clause_is_marked_and_the_rest_of_its_sentence_is_not() -> None:
    said = [translated("o orçamento", 1), translated("que temos", 2), translated("é pequeno.", 3, ends=True)]
    assert texts(*said, skipped("que temos", 2)) == ["o orçamento", "(que temos)", "é pequeno."]
    assert texts(*said, skipped("o orçamento que temos é pequeno.", 3)) == ["(o orçamento que temos é pequeno.)"]


def test_a_sentence_goes_on_after_its_skipped_clause() -> None:
    said = [translated("o orçamento", 1), skipped("o orçamento", 1), translated("é", 2), translated("pequeno", 3)]
    assert texts(*said) == ["(o orçamento)", "é pequeno"]


def test_a_skipped_clause_may_reach_over_the_end_of_a_sentence() -> None:
    said = [translated("fim.", 1, ends=True), translated("– e", 2), skipped("fim. –", 2)]
    assert texts(*said) == ["(fim.)", "(–)", "e"]


def test_of_two_clauses_of_the_same_text_the_time_tells_which_was_skipped() -> None:
    said = [translated("sim", 1, ends=True), translated("sim", 2, ends=True)]
    assert texts(*said, skipped("sim", 1)) == ["(sim)", "sim"]


def test_the_time_of_a_commit_stays_when_a_clause_is_skipped_later() -> None:
    assert {line.said_at for line in lines(translated("bom dia", 1), skipped("bom", 1))} == {0.0}


def test_a_long_session_keeps_its_places_and_forgets_the_words_of_old_lines() -> None:
    cutter = TranscriptLines()
    for n in range(3000):
        (line,) = cutter.push(translated(f"w{n}", n + 1, ends=n % 7 == 0), 0.0)
    assert (line.place, line.text.split()[-1]) == (2997 - 2997 % 7 + 1, "w2999")
    assert cutter.push(skipped("w5", 6), 0.0) == []
    assert any(line.text == "w2990" and line.skipped for line in cutter.push(skipped("w2990", 2991), 0.0))


@given(st.lists(st.sampled_from(["one", "two,", "three.", "Mr."]), min_size=1), st.data())
def test_any_chunking_of_the_words_gives_the_same_lines(words: list[str], data: st.DataObject) -> None:
    whole = heard(" ".join(words))
    cuts = sorted(data.draw(st.sets(st.integers(0, len(words)))) | {0, len(words)})
    pieces = [Transcript("en", whole.committed[a:b]) for a, b in pairwise(cuts)]
    assert [(line.place, line.text) for line in lines(*pieces)] == [(line.place, line.text) for line in lines(whole)]
    assert " ".join(texts(whole)) == " ".join(words)
