"""The suite's figures, with translators that write each source word in capitals, one of them without fillers."""

from __future__ import annotations

from dataclasses import dataclass

from bench import term_uses
from bench.disfluent_pairs import Pair
from bench.quality_suite import Direction, System, clean, corrected, curve, disfluent
from bench.term_uses import TermOutcome, TermUse
from mt.translator import TranslateRequest, TranslateResult
from mt.wait_k import WaitK
from tests.bench.test_text_wait_k import Shouter

EN_PT = Direction("en", "pt")
PAIRS = [Pair("well one two three four five six", "one two three four five six")] * 2


@dataclass
class Tidy(Shouter):
    """Leaves out "well"."""

    def _translate(self, request: TranslateRequest) -> TranslateResult:
        words = [word for word in request.source.split() if word.lower().strip(".") != "well"]
        tidy = TranslateRequest(" ".join(words), request.final, request.target, request.words)
        return super()._translate(tidy)


def _systems() -> list[System]:
    return [System("student", Shouter(), WaitK()), System("tuned", Tidy(), WaitK())]


def test_a_perfect_translation_of_clean_text_is_all_of_the_full_student() -> None:
    rows = clean(_systems(), EN_PT, ["a b c d e f g h"], ["A B C D E F G H"])
    assert [(row["system"], row["k"], row["of_full_student"]) for row in rows[:3]] == [
        ("student", 3, 1.0),
        ("student", 5, 1.0),
        ("student", "full", 1.0),
    ]
    assert rows[0]["al_words"] == 3.0


def test_the_gap_is_closed_by_who_translates_what_was_meant() -> None:
    rows = {(row["system"], row["k"]): row for row in disfluent(_systems(), EN_PT, PAIRS)}
    assert rows["student", "full"]["gap_closed"] == 0.0
    assert rows["tuned", "full"]["gap_closed"] == 1.0
    assert rows["student, as spoken", "full"]["bleu"] < rows["student, fluent", "full"]["bleu"]


def test_where_nothing_is_lost_there_is_no_gap_to_close() -> None:
    same = [Pair("one two three four five six seven", "one two three four five six seven")]
    assert {row["gap_closed"] for row in disfluent(_systems(), EN_PT, same) if "gap_closed" in row} == {None}


def test_the_curve_has_more_lag_the_larger_k_is() -> None:
    rows = curve(_systems()[:1], EN_PT, ["a b c d e f g h i j"], ["A B C D E F G H I J"])
    lags = [row["al_words"] for row in rows]
    assert lags == sorted(lags) and lags[0] < lags[-1]


def test_who_shouts_the_source_keeps_no_correction_but_names_and_numbers() -> None:
    row = corrected(_systems()[:1], EN_PT)[0]
    assert row["cases"] == 100 and row["kept"] < 0.2 and row["right"] < 0.1


def test_a_use_is_right_by_its_own_forms_and_a_lookalike_spared_without_the_forbidden() -> None:
    uses = [TermUse("two dashboards", ("painéis",), ()), TermUse("the lead pipe", (), ("cliente",))]
    assert term_uses.outcome(uses, ["dois painéis", "o cano"]) == TermOutcome(1, 1.0, 1, 1.0)
    assert term_uses.outcome(uses, ["dois painel", "o cliente"]) == TermOutcome(1, 0.0, 1, 0.0)
