from __future__ import annotations

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.asr_style import StyleRates
from mt.content_words import bare
from mt.disfluency import Disfluency, Spoken
from mt.disfluency_rates import SPONTANEOUS, Rates
from mt.disfluency_words import WORDS

ENGLISH = "On Thursday we move the meeting, because John can't come."
PORTUGUESE = "Na quinta a gente muda a reunião, porque o João não está na cidade."
TEXTS = {"en": ENGLISH, "pt": PORTUGUESE}
TALK = "on Thursday we move it to the kitchen, no, you know, at ten I'm João está para o é mais — . ..."
LETTERS = st.text(st.characters(exclude_categories=["Z", "C", "Nd", "Nl", "No"]), min_size=1, max_size=7)


def speak(text: str, rates: Rates, language: str = "en", seed: int = 1) -> Spoken:
    return Disfluency(language, rates).speak(text, random.Random(seed))


def styled(text: str, language: str = "en", **rates: float) -> tuple[str, ...]:
    return speak(text, Rates(style=StyleRates(**rates)), language).words


def advancing(spoken: Spoken) -> list[str]:
    """The words with which a fluent word is complete."""
    pairs = zip(spoken.words, pairwise((0, *spoken.said)), strict=True)
    return [word for word, (before, now) in pairs if now > before]


def normal(words: list[str]) -> list[str]:
    return [bare(word) for word in words]


@pytest.mark.parametrize("language", TEXTS)
def test_the_same_seed_gives_the_same_speech(language: str) -> None:
    said = [Disfluency(language).speak(TEXTS[language], random.Random(7)) for _ in range(2)]
    assert said[0] == said[1]


@pytest.mark.parametrize("language", TEXTS)
def test_without_rates_the_text_comes_back(language: str) -> None:
    words = TEXTS[language].split()
    assert speak(TEXTS[language], Rates(), language) == Spoken(tuple(words), tuple(range(1, len(words) + 1)))


def test_an_empty_text_gives_nothing() -> None:
    assert Disfluency("en").speak("  ", random.Random(1)) == Spoken((), ())


@given(
    st.sampled_from(["en", "pt"]),
    st.lists(st.sampled_from(TALK.split()) | LETTERS, min_size=1, max_size=25),
    st.integers(0, 10_000),
    st.sampled_from([0.2, 1.0, 8.0]),
)
def test_said_never_falls_and_ends_with_all_words(language: str, words: list[str], seed: int, more: float) -> None:
    usual = SPONTANEOUS[language]
    often = {name: min(1.0, more * getattr(usual.style, name)) for name in StyleRates.__dataclass_fields__}
    rates = replace(usual, unevenness=more, style=StyleRates(**often))
    text = " ".join(words)
    spoken = speak(text, rates, language, seed)
    assert len(spoken.words) == len(spoken.said)
    assert all(before <= now for before, now in pairwise((0, *spoken.said)))
    assert spoken.said[-1] == len(text.split())
    assert all(word == word.strip() and word for word in spoken.words)


@given(st.sampled_from(["en", "pt"]), st.integers(0, 10_000))
def test_without_the_words_that_add_nothing_the_fluent_text_remains(language: str, seed: int) -> None:
    said_only = replace(SPONTANEOUS[language], unevenness=3.0, style=StyleRates())
    spoken = speak(TEXTS[language], said_only, language, seed)
    assert normal(advancing(spoken)) == normal(TEXTS[language].split())


def test_filled_pauses_come_before_each_word() -> None:
    spoken = speak("we go home", Rates(filled_pause_per_word=1.0))
    assert spoken.said == (0, 1, 1, 2, 2, 3)
    assert {bare(word) for word in spoken.words[::2]} <= WORDS["en"].filled_pauses.keys()


def test_the_first_word_gives_its_capital_to_the_filler_before_it() -> None:
    spoken = speak("We go.", Rates(filled_pause_per_clause=1.0))
    assert spoken.words[0][0].isupper()
    assert spoken.words[1:] == ("we", "go.")


def test_a_name_keeps_its_capital_after_a_filler() -> None:
    assert speak("Maria left.", Rates(filled_pause_per_clause=1.0)).words[1] == "Maria"


def test_a_closing_marker_takes_the_full_stop() -> None:
    spoken = speak("we go home.", Rates(closing_marker_per_clause=1.0))
    assert " ".join(map(bare, spoken.words[3:])) in map(str.lower, WORDS["en"].closing)
    assert spoken.words[-1].endswith(".")
    assert not spoken.words[2].endswith(".")
    assert spoken.said[2:] == (3,) * (len(spoken.words) - 2)


def test_opening_markers_come_before_each_clause() -> None:
    spoken = speak("It rains, and we stay.", Rates(marker_per_clause=1.0))
    assert spoken.said[0] == 0
    assert len(spoken.words) >= 7


def test_a_list_is_not_taken_for_clauses() -> None:
    spoken = speak("It sells milk, bread, cheese.", Rates(marker_per_clause=1.0))
    assert normal(list(spoken.words[-5:])) == ["it", "sells", "milk", "bread", "cheese"]


def test_repetitions_count_at_their_last_copy() -> None:
    spoken = speak("we go home", Rates(repetition_per_word=1.0, repeated_again=1.0))
    assert normal(list(spoken.words)).count("home") >= 3
    assert normal(advancing(spoken)) == ["we", "go", "home"]
    assert spoken.said[0] == 0


def test_partial_words_are_beginnings_of_the_next_word() -> None:
    spoken = speak("Thursday morning", Rates(partial_per_word=1.0, partial_with_dash=1.0))
    assert spoken.said == (0, 1, 1, 2)
    for partial, whole in (spoken.words[:2], spoken.words[2:]):
        assert partial.endswith("-")
        assert whole.startswith(partial[:-1])
        assert len(partial) <= len(whole)


@pytest.mark.parametrize(
    ("word", "language", "kind"),
    [
        ("Thursday", "en", {"monday", "tuesday", "wednesday", "friday", "saturday", "sunday"}),
        ("vinte", "pt", {"trinta", "quarenta", "cinquenta", "sessenta", "setenta", "oitenta", "noventa"}),
    ],
)
def test_a_corrected_word_is_first_another_of_its_kind(word: str, language: str, kind: set[str]) -> None:
    spoken = speak(word, Rates(substitution_per_word=1.0), language)
    assert bare(spoken.words[0]) in kind
    assert " ".join(map(bare, spoken.words[1:-1])) in WORDS[language].editing
    assert spoken.words[-1] == word
    assert spoken.said == (0,) * (len(spoken.words) - 1) + (1,)


def test_a_correction_without_interregnum_says_only_two_words() -> None:
    spoken = speak("twenty", Rates(substitution_per_word=1.0, interregnum=0.0))
    assert len(spoken.words) == 2
    assert spoken.words[1] == "twenty"


def test_a_number_in_digits_is_corrected_to_one_of_the_same_length() -> None:
    first, *_, last = speak("1995", Rates(substitution_per_word=1.0)).words
    assert last == "1995"
    assert len(bare(first)) == 4
    assert bare(first) != "1995"


def test_an_unknown_name_is_corrected_from_another_name() -> None:
    rates = Rates(substitution_per_word=1.0, interregnum=0.0)
    said = [word for word in speak("zzz Henderson", rates).words if bare(word) != "zzz"]
    assert said[-1] == "Henderson"
    assert said[0] != "Henderson"
    assert said[0][0].isupper()


def test_a_word_of_no_known_kind_is_corrected_from_one_with_its_ending() -> None:
    rates = Rates(substitution_per_word=1.0, interregnum=0.0)
    said = Disfluency("en", rates, substitutes=["nation", "table"]).speak("station", random.Random(1))
    assert normal(list(said.words)) == ["nation", "station"]


def test_a_word_without_any_like_it_is_left_alone() -> None:
    assert speak("zyzzyva", Rates(substitution_per_word=1.0)).words == ("zyzzyva",)


def test_the_retraced_words_count_when_they_are_said_again() -> None:
    for seed in range(30):
        spoken = speak("move it to Monday", Rates(substitution_per_word=0.3), seed=seed)
        assert normal(advancing(spoken)) == ["move", "it", "to", "monday"]


def test_a_restart_gives_up_and_says_the_whole_sentence() -> None:
    spoken = speak("The meeting is in the kitchen.", Rates(restart_per_clause=1.0, own_restart=1.0))
    abandoned = spoken.said.count(0)
    assert 2 <= abandoned <= 5
    assert normal(list(spoken.words[abandoned:])) == ["the", "meeting", "is", "in", "the", "kitchen"]


def test_a_foreign_restart_begins_another_sentence() -> None:
    spoken = speak("The meeting is in the kitchen.", Rates(restart_per_clause=1.0, own_restart=0.0))
    abandoned = " ".join(map(bare, spoken.words[: spoken.said.count(0)]))
    assert any(" ".join(map(bare, beginning.split())).startswith(abandoned) for beginning in WORDS["en"].beginnings)


def test_sentences_differ_in_how_disfluent_they_are() -> None:
    rates = Rates(unevenness=2.0, filled_pause_per_word=0.1)
    lengths = [len(speak(ENGLISH, rates, seed=seed).words) for seed in range(200)]
    assert lengths.count(len(ENGLISH.split())) > 60
    assert max(lengths) > 15


def test_lower_case_has_neither_capitals_nor_marks() -> None:
    assert " ".join(styled(ENGLISH, lower_case_per_sentence=1.0)) == ENGLISH.lower().replace(",", "").rstrip(".")


def test_lower_case_may_drop_apostrophes() -> None:
    assert styled("I'm in.", lower_case_per_sentence=1.0, dropped_apostrophe_per_sentence=1.0) == ("im", "in")


def test_a_mark_alone_counts_with_the_word_after_it() -> None:
    rates = Rates(style=StyleRates(lower_case_per_sentence=1.0))
    assert speak("yes — no", rates) == Spoken(("yes", "no"), (1, 3))


def test_a_text_of_marks_stays() -> None:
    assert styled("— …", lower_case_per_sentence=1.0) == ("—", "…")


def test_a_lost_word_counts_with_the_next_fluent_one() -> None:
    rates = Rates(style=StyleRates(deletion_per_word=1.0))
    assert speak("go to the kitchen", rates) == Spoken(("go", "kitchen"), (1, 4))


def test_the_last_fluent_word_is_never_lost() -> None:
    assert styled("put it in", deletion_per_word=1.0)[-1] == "in"


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [("their", "en", {"there", "they're"}), ("mas", "pt", {"mais"}), ("Their.", "en", {"There.", "They're."})],
)
def test_words_are_confused_with_those_that_sound_alike(text: str, language: str, kind: set[str]) -> None:
    assert styled(text, language, confusion_per_word=1.0)[0] in kind


@pytest.mark.parametrize(
    ("text", "language", "words", "said"),
    [
        ("Está bem.", "pt", ("Tá", "bem."), (1, 2)),
        ("vou para o centro", "pt", ("vou", "pro", "centro"), (1, 3, 4)),
        ("we are going to leave", "en", ("we", "are", "gonna", "leave"), (1, 2, 4, 5)),
    ],
)
def test_quick_speech_shortens_words(text: str, language: str, words: tuple[str, ...], said: tuple[int, ...]) -> None:
    assert speak(text, Rates(style=StyleRates(reduction_per_word=1.0)), language) == Spoken(words, said)


def test_a_false_cut_ends_the_sentence_and_starts_another() -> None:
    assert styled("we go home", false_cut_per_word=1.0) == ("we.", "Go.", "Home")


def test_a_lost_full_stop_takes_the_next_capital_with_it() -> None:
    assert styled("We go. They stay.", lost_mark_per_mark=1.0) == ("We", "go", "they", "stay.")


def test_a_moved_mark_stands_one_word_later() -> None:
    assert styled("If so, we go home.", moved_mark_per_mark=1.0)[:3] == ("If", "so", "we,")


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("at 9:30.", "en", "at nine thirty."),
        ("at 9:00", "en", "at nine o'clock"),
        ("in 1995,", "en", "in nineteen ninety five,"),
        ("the 21st", "en", "the twenty first"),
        ("1,200 of 3.5%", "en", "one thousand two hundred of three point five percent"),
        ("$20", "en", "twenty dollars"),
        ("às 14h30", "pt", "às catorze e trinta"),
        ("o 2º de 1.200", "pt", "o segundo de mil e duzentos"),
        ("a 3ª e 1,5%", "pt", "a terceira e um vírgula cinco por cento"),
        ("R$ 5 ou R$30", "pt", "R$ cinco ou trinta reais"),
        ("the A4 and 3-4", "en", "the A4 and 3-4"),
    ],
)
def test_digits_become_number_words(text: str, language: str, words: str) -> None:
    pytest.importorskip("num2words")
    assert " ".join(styled(text, language, number_words_per_sentence=1.0)) == words


def test_a_number_of_several_words_counts_at_its_last() -> None:
    pytest.importorskip("num2words")
    spoken = speak("in 1995 again", Rates(style=StyleRates(number_words_per_sentence=1.0)))
    assert spoken.said == (1, 1, 1, 2, 3)
