from __future__ import annotations

import json
from pathlib import Path

import pytest

from server.cli import main

PAIR = ["--from", "en", "--to", "pt-BR"]


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "terms.tsv"
    path.write_text("budget\torçamento\tnoun\nlead\tchumbo\nZephyrus\tZéfiro\tname\texact\nbug\tdefeito\n", "utf-8")
    return str(path)


def said(capsys: pytest.CaptureFixture[str], *argv: str, code: int = 0) -> str:
    assert main(["glossary", *argv]) == code
    captured = capsys.readouterr()
    return captured.out if code == 0 else captured.err


def test_check_counts_and_warns_of_ambiguous_and_short_terms(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "check", file, *PAIR).splitlines()
    assert lines[0].endswith("terms.tsv: 4 terms, en -> pt")
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["lead", "bug"]


def test_check_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(said(capsys, "check", file, *PAIR, "--json"))
    assert (report["terms"], report["source_language"], report["target_language"]) == (4, "en", "pt")
    assert [warning["term"] for warning in report["warnings"]] == ["lead", "bug"]


def test_check_refuses_a_wrong_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.tsv").write_text("budget\n", "utf-8")
    assert "wrong.tsv: line 1: no tab" in said(capsys, "check", str(tmp_path / "wrong.tsv"), *PAIR, code=1)


def test_apply_shows_matches_and_what_the_model_reads(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = said(capsys, "apply", file, *PAIR, "Approve the budgets.")
    assert "budgets.  ->  orçamento" in out
    assert "Approve the orçamentos." in out


def test_apply_as_json_and_without_a_term(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = json.loads(said(capsys, "apply", file, *PAIR, "the budgets", "--json"))
    assert report["matches"] == [
        {"start": 1, "end": 2, "text": "budgets", "source": "budget", "target": "orçamento"},
    ]
    assert "no term" in said(capsys, "apply", file, *PAIR, "nothing here")


def test_a_stored_glossary_is_listed_shown_applied_and_removed(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert "nothing" not in said(capsys, "add", "finance", file, *PAIR)
    assert "en -> pt (4 terms)" in said(capsys, "list")
    (listed,) = json.loads(said(capsys, "list", "--json"))
    assert said(capsys, "show", listed["id"], *PAIR) == Path(file).read_text("utf-8")
    assert "orçamento" in said(capsys, "apply", "finance", *PAIR, "the budget")
    said(capsys, "remove", "finance")
    assert "no glossary is stored" in said(capsys, "list")


def test_adding_again_replaces_the_languages_of_the_file(
    file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "back.tsv").write_text("verba\tbudget\n", "utf-8")
    for argv in ((file, *PAIR), (file, *PAIR), (str(tmp_path / "back.tsv"), "--from", "pt", "--to", "en")):
        said(capsys, "add", "finance", *argv)
    (listed,) = json.loads(said(capsys, "list", "--json"))
    assert [(pair["source_language"], pair["terms"]) for pair in listed["dictionaries"]] == [("en", 4), ("pt", 1)]


@pytest.mark.parametrize("action", [("show", "nosuch", *PAIR), ("remove", "nosuch"), ("apply", "nosuch", *PAIR, "x")])
def test_what_is_not_stored_is_named(action: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert "nosuch" in said(capsys, *action, code=1)
