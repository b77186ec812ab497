from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mt.terminology import Terminology
from streaming.glossary import parse_glossary

ENGLISH = """
budget\torçamento\tnoun
data lake\tlago de dados\tnoun
lake\tlagoa\tnoun
lead\tchumbo\tnoun
roll out\timplantar\tverb
charge\tcobrar\tverb
near miss\tquase acidente\tnoun
re-election\treeleição\tnoun
engineer\tengenheiro\tnoun
May\tmaio\tname\texact
IT\tTI\tname
Zephyrus\tZéfiro\tname\texact
bug\tdefeito
order\tpedido\tnoun
to ship\tdespachar
"""
PORTUGUESE = """
lago de dados\tdata lake\tnoun
implantar\tto deploy\tverb
livre\tfree\tadj
conta\taccount\tnoun
"""


def terms(tsv: str = ENGLISH, source: str = "en", target: str = "pt") -> Terminology:
    return Terminology(parse_glossary(tsv, source_language=source, target_language=target))


BOTH = terms()


def found(text: str, terminology: Terminology = BOTH) -> list[str]:
    return [match.term.source for match in terminology.find(text.split())]


def replaced(text: str, terminology: Terminology = BOTH) -> str:
    return terminology.replace(text.split(), terminology.find(text.split()))


def test_a_term_gives_way_to_its_translation() -> None:
    assert replaced("approve the budgets today") == "approve the orçamentos today"
    assert replaced("Both data lakes, please.") == "Both lagos de dados, please."


def test_the_english_infinitive_mark_is_no_part_of_a_term() -> None:
    assert replaced("vamos implantar", terms(PORTUGUESE, "pt", "en")) == "vamos deploy"
    assert found("we shipped it") == ["to ship"]


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("We rolled out the change.", "roll out"),
        ("They were charged twice.", "charge"),
        ("The “data lake’s” owner left.", "data lake"),
        ("The data-lake is full.", "data lake"),
        ("A re election is near.", "re-election"),
        ("BUDGETS matter.", "budget"),
        ("Both engineers left.", "engineer"),
        ("Ask IT first.", "IT"),
        ("We meet in May again.", "May"),
        ("Zephyrus begins.", "Zephyrus"),
        ("A bug is there.", "bug"),
    ],
)
def test_inflected_hyphenated_and_quoted_terms_are_found(text: str, term: str) -> None:
    assert found(text) == [term]


@pytest.mark.parametrize(
    "text",
    [
        "They lead the market.",
        "You can lead by example.",
        "Ask if it is late.",
        "May I go?",
        "We may go.",
        "zephyrus begins",
        "In order to win we train.",
        "Our data, lakes and rivers.",
        "The charge was dropped.",
    ],
)
def test_what_is_meant_otherwise_or_spelt_otherwise_is_left(text: str) -> None:
    assert [term for term in found(text) if term not in ("lake",)] == []


def test_the_longest_term_wins() -> None:
    assert found("a data lake and a lake") == ["data lake", "lake"]


def test_portuguese_forms_and_attached_pronouns() -> None:
    portuguese = terms(PORTUGUESE, "pt", "en")
    assert found("Os lagos de dados cresceram.", portuguese) == ["lago de dados"]
    assert found("Eles implantaram e queremos implantá-los.", portuguese) == ["implantar", "implantar"]
    assert found("Os mercados livres crescem.", portuguese) == ["livre"]
    assert found("Ela conta histórias.", portuguese) == []


def test_replaced_terms_keep_number_marks_and_capital() -> None:
    assert replaced("Budgets: (data lakes), lead's.") == "Orçamentos: (lagos de dados), chumbo's."
    assert replaced("We shipped it.") == "We despachou it."
    assert replaced("In May, IT left.") == "In maio, TI left."


@pytest.mark.parametrize(
    ("text", "settled"), [("we fill the data", 3), ("we fill the data,", 4), ("we fill the data lake", 5)]
)
def test_what_may_still_grow_is_not_settled(text: str, settled: int) -> None:
    assert BOTH.settled(text.split()) == settled
    assert len(BOTH.find(text.split(), final=False)) == (settled == 5)


@pytest.mark.parametrize(("text", "settled"), [("Lead", 0), ("Lead is", 2), ("The lead", 2)])
def test_a_homograph_waits_for_what_decides_it(text: str, settled: int) -> None:
    assert BOTH.settled(text.split()) == settled


_TEXT = (
    "data lake lakes data-lake lake's lead leads the to is we orders order In May IT it roll rolled out budgets budget,"
    " “data re election re-election – bug. near miss –"
)
_words = st.lists(st.sampled_from(_TEXT.split()), max_size=12)


@given(_words)
def test_matches_do_not_overlap_and_no_source_word_is_lost(words: list[str]) -> None:
    matches = BOTH.find(words)
    assert all(one.end <= other.start for one, other in pairwise(matches))
    assert all(0 <= match.start < match.end <= len(words) for match in matches)
    rest = BOTH.replace(words, matches).split()
    inside = {at for match in matches for at in range(match.start, match.end)}
    assert all(word in rest for at, word in enumerate(words) if at not in inside)


@given(_words)
def test_what_is_settled_stays_as_it_was_said(words: list[str]) -> None:
    whole = BOTH.find(words)
    heard = 0
    for count in range(len(words) + 1):
        settled = BOTH.settled(words[:count])
        assert heard <= settled <= count
        heard = settled
        assert BOTH.find(words[:count], final=False) == [match for match in whole if match.start < settled]
