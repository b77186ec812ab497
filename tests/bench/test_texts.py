"""The form of the written texts: corrections, disfluent speech, glossaries and uses of their terms."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

import pytest

from bench.built_in_texts import texts_file

TEXTS = texts_file("en").parent
PAIRS = ("en-pt", "pt-en")
COLUMNS = {
    "corrections.tsv": ["lang", "span", "gap", "spoken", "kept", "gone", "fluent"],
    "disfluent.en.tsv": ["spoken", "fluent"],
    "disfluent.pt.tsv": ["spoken", "fluent"],
    "glossary.en-pt.tsv": ["source", "target", "pos", "case"],
    "glossary.pt-en.tsv": ["source", "target", "pos", "case"],
    "terms.en-pt.tsv": ["source", "term", "target", "pos", "accepted", "forbidden"],
    "terms.pt-en.tsv": ["source", "term", "target", "pos", "accepted", "forbidden"],
}
RECOGNISED = re.compile(r"[a-zà-ü0-9' ]+")
"""what a recogniser without case and punctuation writes"""


def rows_of(name: str) -> list[dict[str, str]]:
    header, *lines = (TEXTS / name).read_text(encoding="utf-8").splitlines()
    return [dict(zip(header.split("\t"), line.split("\t"), strict=True)) for line in lines]


def words_of(text: str) -> list[str]:
    """Without case, and without the punctuation around a word."""
    return [word.strip(".,;:!?").casefold() for word in text.split()]


def alternatives(cell: str) -> list[str]:
    return [alternative.casefold() for alternative in cell.split("|")] if cell else []


def occurs(phrase: str, text: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text) is not None


def is_part(fluent: list[str], spoken: list[str]) -> bool:
    """Whether `fluent` is left when words of `spoken` are taken out."""
    rest = iter(spoken)
    return all(word in rest for word in fluent)


def mentions(sentence: str, term: str) -> bool:
    """Whether every word of the term begins like a word of the sentence, which leaves room for its inflection."""
    said = re.split(r"[\s.,;?!-]+", sentence.casefold())
    return all(
        any(word.startswith(part[: max(2, (len(part) + 1) // 2)]) for word in said)
        for part in re.split(r"[\s-]+", term.casefold())
    )


@pytest.mark.parametrize("name", COLUMNS)
def test_every_file_is_clean_tab_separated_text(name: str) -> None:
    text = (TEXTS / name).read_bytes().decode("utf-8")
    lines = text.splitlines()
    assert lines[0].split("\t") == COLUMNS[name]
    assert [line for line in lines if line.count("\t") != len(COLUMNS[name]) - 1] == []
    assert unicodedata.normalize("NFC", text) == text
    assert not re.search('[\r\ufeff\ufffd"]|Ã[\x80-\xbf]|  | \t|\t | \n', text)
    assert text.endswith("\n")


@pytest.mark.parametrize("name", COLUMNS)
def test_no_line_is_there_twice(name: str) -> None:
    rows = rows_of(name)
    key = "spoken" if "spoken" in rows[0] else "source"
    pos = "pos" if name.startswith("glossary") else key
    seen = Counter((row[key].casefold(), row[pos].casefold()) for row in rows)
    assert [line for line, times in seen.items() if times > 1] == []


def test_corrections_are_a_hundred_per_language_half_of_them_as_recognised() -> None:
    rows = rows_of("corrections.tsv")
    assert Counter(row["lang"] for row in rows) == {"en": 100, "pt": 100}
    assert Counter(row["lang"] for row in rows if RECOGNISED.fullmatch(row["spoken"])) == {"en": 50, "pt": 50}
    assert all(RECOGNISED.fullmatch(row["fluent"]) for row in rows if RECOGNISED.fullmatch(row["spoken"]))


def test_a_correction_without_its_reparandum_and_interregnum_is_the_fluent_sentence() -> None:
    for row in rows_of("corrections.tsv"):
        span, gap = int(row["span"]), int(row["gap"])
        spoken, fluent = words_of(row["spoken"]), words_of(row["fluent"])
        assert 1 <= span <= 5 and span <= gap, row
        assert 5 <= len(spoken) <= 25, row
        assert len(spoken) - gap == len(fluent), row
        assert any(spoken[:at] + spoken[at + gap :] == fluent for at in range(len(fluent))), row


def test_no_form_of_a_correction_counts_as_kept_and_gone() -> None:
    for row in rows_of("corrections.tsv"):
        kept, gone = alternatives(row["kept"]), alternatives(row["gone"])
        assert all(kept) and all(gone) and kept and gone, row
        assert len({*kept, *gone}) == len(kept) + len(gone), row
        assert not [(k, g) for k in kept for g in gone if occurs(g, k) or occurs(k, g)], row


@pytest.mark.parametrize(("name", "count"), [("disfluent.pt.tsv", 200), ("disfluent.en.tsv", 60)])
def test_fluent_speech_is_the_disfluent_speech_with_words_taken_out(name: str, count: int) -> None:
    rows = rows_of(name)
    assert len(rows) == count
    for row in rows:
        spoken, fluent = row["spoken"].split(), row["fluent"].split()
        assert RECOGNISED.fullmatch(row["spoken"]), row
        assert 7 <= len(spoken) <= 25, row
        assert 3 <= len(fluent) < len(spoken), row
        assert is_part(fluent, spoken), row


@pytest.mark.parametrize("pair", PAIRS)
def test_a_glossary_has_known_parts_of_speech_and_case_rules(pair: str) -> None:
    rows = rows_of(f"glossary.{pair}.tsv")
    assert 70 <= len(rows) <= 80
    assert {row["pos"] for row in rows} <= {"noun", "verb", "adj", "name", ""}
    assert {row["case"] for row in rows} <= {"", "exact"}
    assert all(row["source"] and row["target"] for row in rows)
    assert all(row["source"] == row["source"].lower() for row in rows if not row["case"])


@pytest.mark.parametrize("pair", PAIRS)
def test_the_glossary_covers_every_term_and_every_entry_is_used(pair: str) -> None:
    entries = {(row["source"], row["target"], row["pos"]) for row in rows_of(f"glossary.{pair}.tsv")}
    rows = rows_of(f"terms.{pair}.tsv")
    used = Counter((row["term"], row["target"], row["pos"]) for row in rows if row["accepted"])
    assert set(used) == entries
    assert {(row["term"], row["target"], row["pos"]) for row in rows} == entries
    assert set(used.values()) <= {2, 3}


@pytest.mark.parametrize("pair", PAIRS)
def test_a_sentence_either_wants_its_term_or_forbids_it(pair: str) -> None:
    rows = rows_of(f"terms.{pair}.tsv")
    assert sum(bool(row["accepted"]) for row in rows) == 150
    assert 10 <= sum(bool(row["forbidden"]) for row in rows) <= 15
    for row in rows:
        assert bool(row["accepted"]) != bool(row["forbidden"]), row
        forms = alternatives(row["accepted"] or row["forbidden"])
        assert all(forms) and len(set(forms)) == len(forms), row
        assert not row["forbidden"] or forms[0] == row["target"].casefold(), row


@pytest.mark.parametrize("pair", PAIRS)
def test_a_sentence_has_its_term_in_the_case_the_glossary_asks_for(pair: str) -> None:
    exact = {row["source"] for row in rows_of(f"glossary.{pair}.tsv") if row["case"] == "exact"}
    for row in rows_of(f"terms.{pair}.tsv"):
        assert 6 <= len(row["source"].split()) <= 22, row
        assert row["source"][0].isupper() and row["source"][-1] in ".?!", row
        assert mentions(row["source"], row["term"]), row
        if row["term"] in exact:
            assert occurs(row["term"], row["source"]) == bool(row["accepted"]), row
