from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from streaming.errors import BadInput
from streaming.glossary import (
    MAX_TERM_CHARACTERS,
    MAX_TERMS,
    Glossary,
    Term,
    merge_glossaries,
    parse_glossary,
    read_glossary,
)


def parse(text: str) -> tuple[Term, ...]:
    return parse_glossary(text, source_language="en", target_language="pt-BR").terms


def test_two_to_four_columns() -> None:
    assert parse("budget\torçamento\nlead\tchumbo\tnoun\nSwift\tSwift\tname\texact\n") == (
        Term("budget", "orçamento"),
        Term("lead", "chumbo", "noun"),
        Term("Swift", "Swift", "name", "exact"),
    )


def test_a_header_names_the_columns_in_its_order() -> None:
    assert parse("pos\tTarget\tsource\nnoun\tchumbo\tlead\n") == (Term("lead", "chumbo", "noun"),)


def test_byte_order_mark_crlf_comments_and_blank_lines() -> None:
    assert parse("\ufeff# ours\r\n\r\nsource\ttarget\r\nbudget\torçamento\r\n") == (Term("budget", "orçamento"),)


def test_spaces_around_and_between_words_do_not_count() -> None:
    assert parse(" data \u00a0 lake\t lago de dados ") == (Term("data lake", "lago de dados"),)


def test_empty_columns_at_the_end_are_none() -> None:
    assert parse("budget\torçamento\t\t\t\t") == (Term("budget", "orçamento"),)


def test_the_same_term_twice_is_one() -> None:
    assert parse("budget\torçamento\nBudget\torçamento\n") == (Term("budget", "orçamento"),)


def test_parts_of_speech_and_exact_spellings_have_targets_of_their_own() -> None:
    assert len(parse("lead\tchumbo\tnoun\nlead\tliderar\tverb\nmay\tpoder\tverb\nMay\tmaio\tname\texact\n")) == 4


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("budget", "no tab"),
        ("budget\t ", "the target is empty"),
        ("\torçamento", "the source is empty"),
        ("budget\torçamento\tnuon", "pos 'nuon' is none of noun, verb"),
        ("budget\torçamento\tnoun\tloud", "case 'loud' is none of exact"),
        ("budget\torçamento\tnoun\texact\tmore", "5 columns"),
        ("ok\tsim", "'ok' has two targets"),
        ("bud\x07get\torçamento", "control character"),
        ("bud\u200bget\torçamento", "control character"),
        (" #one\torçamento", "like a comment"),
        ("a = b\torçamento", "has a ="),
        ("budget\ta | b", "has a |"),
        ("...\torçamento", "neither letters nor digits"),
        ("budget\t" + "o" * (MAX_TERM_CHARACTERS + 1), "longer than"),
    ],
)
def test_an_error_names_line_and_reason(line: str, reason: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(f"# two lines before\nok\tcerto\n{line}\n")
    assert refused.value.reason.startswith("line 3: ")
    assert reason in refused.value.reason


def test_too_many_terms_are_refused() -> None:
    lines = [f"term{number}\ttermo{number}" for number in range(MAX_TERMS + 1)]
    assert len(parse("\n".join(lines[:-1]))) == MAX_TERMS
    with pytest.raises(BadInput, match=f"line {MAX_TERMS + 1}: more than"):
        parse("\n".join(lines))


@pytest.mark.parametrize(("source", "target"), [("en", "en-GB"), ("", "pt"), ("english", "pt")])
def test_languages_are_two_tags(source: str, target: str) -> None:
    with pytest.raises(BadInput):
        parse_glossary("a1\tb1", source_language=source, target_language=target)


def test_a_files_errors_name_it(tmp_path: Path) -> None:
    path = tmp_path / "terms.tsv"
    for content in (None, b"\xff\xfe", b"budget\n"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(BadInput, match=r"terms\.tsv"):
            read_glossary(path, source_language="en", target_language="pt")


def test_names_and_phrases_are_told_to_recognition_in_that_order() -> None:
    glossary = Glossary(
        "en",
        "pt",
        (
            Term("budget", "orçamento"),
            Term("data lake", "lago de dados"),
            Term("Zephyrus", "Zéfiro", "name"),
            Term("kWh", "kWh", "", "exact"),
        ),
    )
    assert glossary.spoken_terms(9) == ("Zephyrus", "kWh", "data lake")
    assert glossary.spoken_terms(1) == ("Zephyrus",)


def test_merged_glossaries_are_one_a_pair_and_the_first_term_counts() -> None:
    ours = Glossary("en", "pt", (Term("Budget", "orçamento"),))
    theirs = Glossary("en", "pt", (Term("budget", "verba"), Term("lead", "chumbo")))
    back = Glossary("pt", "en", (Term("verba", "budget"),))
    assert merge_glossaries([ours, back, theirs]) == (
        Glossary("en", "pt", (Term("Budget", "orçamento"), Term("lead", "chumbo"))),
        back,
    )


_fields = st.text(st.characters(codec="utf-8", exclude_characters="=|\t\r\n#"), min_size=1, max_size=20)
_rows = st.lists(st.tuples(_fields, _fields, st.sampled_from(["", "noun", "name"]), st.sampled_from(["", "exact"])))


@given(_rows)
def test_what_was_read_is_written_and_read_back(rows: list[tuple[str, ...]]) -> None:
    try:
        glossary = parse_glossary("\n".join(map("\t".join, rows)), source_language="en", target_language="pt")
    except BadInput:
        return
    assert parse_glossary(glossary.tsv(), source_language="en", target_language="pt") == glossary
    assert glossary == Glossary("en", "pt", glossary.terms)
