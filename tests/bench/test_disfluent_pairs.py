"""Reading pairs of what was said and what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.disfluent_pairs import Pair, built_in_pairs, read_pairs, written
from streaming.errors import BadInput

SEVEN = "uh one two three four five six"


def _file(folder: Path, text: str) -> Path:
    (folder / "pairs.tsv").write_text(text, "utf-8")
    return folder / "pairs.tsv"


def test_pairs_that_differ_and_have_enough_words_are_read(tmp_path: Path) -> None:
    text = f"spoken\tfluent\n{SEVEN}\t{SEVEN[3:]}\n{SEVEN}\t{SEVEN}\nuh yes\tyes\n$unc${SEVEN}\tone\n"
    assert read_pairs(_file(tmp_path, text)) == [Pair(SEVEN, SEVEN[3:])]


def test_the_same_seed_draws_the_same_pairs(tmp_path: Path) -> None:
    path = _file(tmp_path, "".join(f"{SEVEN} {n}\tmeant {n}\n" for n in range(50)))
    drawn = read_pairs(path, limit=5, seed=3)
    assert len(drawn) == 5 and drawn == read_pairs(path, limit=5, seed=3) != read_pairs(path, limit=5, seed=4)


def test_a_line_of_another_form_is_refused_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"pairs\.tsv:2"):
        read_pairs(_file(tmp_path, f"{SEVEN}\tone\nalone\n"))


def test_a_file_without_any_usable_pair_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no pair"):
        read_pairs(_file(tmp_path, "uh yes\tyes\n"))


def test_a_language_without_pairs_is_refused() -> None:
    assert len(built_in_pairs("pt")) > 150
    with pytest.raises(BadInput, match="'xx'"):
        built_in_pairs("xx")


def test_the_written_form_has_capital_full_stop_and_apostrophes() -> None:
    assert written("i dont know if its ready", "en") == "I don't know if it's ready."
    assert written("é o que eu acho", "pt") == "É o que eu acho."
