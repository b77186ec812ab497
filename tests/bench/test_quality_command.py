"""What `dragoman bench quality` reads and what its figures are."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.quality_command import ParallelText, figures, find_weights, parser, read_sets
from bench.text_wait_k import TextRun, Written
from server.models import ModelStore
from streaming.errors import BadInput, UnsupportedLanguage


def _texts(folder: Path, source: str, reference: str) -> tuple[list[Path], list[Path]]:
    (folder / "news.en").write_text(source, "utf-8")
    (folder / "news.pt").write_text(reference, "utf-8")
    return [folder / "news.en"], [folder / "news.pt"]


def test_unequal_numbers_of_lines_are_refused_with_both_counts(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"3 lines.* 2"):
        read_sets(*_texts(tmp_path, "a\nb\nc\n", "x\ny\n"), None)


def test_an_empty_line_is_refused_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"news\.en:2"):
        read_sets(*_texts(tmp_path, "a\n\nc\n", "x\ny\nz\n"), None)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="empty"):
        read_sets(*_texts(tmp_path, "", ""), None)


def test_a_source_without_its_reference_is_refused(tmp_path: Path) -> None:
    sources, references = _texts(tmp_path, "a\n", "x\n")
    with pytest.raises(BadInput, match="2 and 1"):
        read_sets(sources * 2, references, None)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="can't be read"):
        read_sets([tmp_path / "no.en"], [tmp_path / "no.pt"], None)


def test_the_limit_keeps_the_first_sentences(tmp_path: Path) -> None:
    assert read_sets(*_texts(tmp_path, "a\nb\n", "x\ny\n"), 1) == [ParallelText("news", ("a",), ("x",))]


def test_k_takes_numbers_and_full() -> None:
    args = ["--from", "en", "--to", "pt", "--src", "a", "--ref", "b", "--k", "1,5,full"]
    assert parser().parse_args(args).k == [1, 5, None]


@pytest.mark.parametrize("k", ["0", "two", "3,", "-1"])
def test_another_k_is_refused(k: str) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--from", "en", "--to", "pt", "--src", "a", "--ref", "b", f"--k={k}"])


def test_the_figures_of_a_perfect_translation_at_k_2() -> None:
    texts = ParallelText("news", ("a b c d",), ("A B C D",))
    run = TextRun((Written(("A", "B", "C", "D"), (2, 3, 4, 4)),), calls=4, requests=6, seconds=0.02)
    assert figures(texts, 2, run, "pt") == {
        "set": "news",
        "k": 2,
        "bleu": 100.0,
        "chrf": 100.0,
        "al_words": 2.0,
        "filler_leak": 0.0,
        "ms_per_step": 5.0,
        "mean_batch": 1.5,
        "sentences": 1,
    }


def test_nothing_written_has_no_lag() -> None:
    texts = ParallelText("news", ("uh",), ("A",))
    row = figures(texts, None, TextRun((Written((), ()),), calls=1, requests=1, seconds=0.01), "pt")
    assert (row["k"], row["al_words"]) == ("full", None)


def test_a_language_without_known_fillers_has_no_leak_rate() -> None:
    texts = ParallelText("news", ("a",), ("A",))
    row = figures(texts, 1, TextRun((Written(("A",), (1,)),), calls=1, requests=1, seconds=0.01), "de")
    assert row["filler_leak"] is None


def test_a_pair_without_a_model_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedLanguage):
        find_weights(ModelStore(tmp_path), "xx", "yy", "shipped")
