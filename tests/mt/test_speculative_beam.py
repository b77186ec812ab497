"""What looking ahead changes, with a model that is a table: after which letters come which, and how likely."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from mt.greedy import EMPTY_TARGET, Goal, GreedyTarget
from mt.speculative_beam import SpeculativeBeam
from mt.term_guide import TermGuide
from tests.mt.test_greedy import EMPTY, LETTERS, Letters

GARDEN_PATH = {"": {"A": 0.6, "B": 0.4}, "A": {"C": 0.3, "D": 0.3, "a": 0.4}, "B": {"C": 1.0}, "BC": {"D": 1.0}}
"""the likelier first word is the beginning of nothing likely"""


def _decode(model: Mapping[str, Mapping[str, float]], goal: Goal, *, window: int) -> GreedyTarget:
    guide = TermGuide((), Letters.starts_word)
    target = GreedyTarget(Letters(), EMPTY_TARGET, goal, source_length=10, empty=EMPTY, guide=guide)
    beam = SpeculativeBeam(target, window=window, words=goal.words)
    while growing := beam.growing:
        rows = [_logits(model.get(_text(each), {"$": 1.0})) for each in growing]
        cells = np.stack([np.full((2, 3), len(each.tokens), np.float32) for each in growing], axis=1)
        beam.advance(np.stack(rows), cells)
    return beam.best


def _logits(likely: Mapping[str, float]) -> np.ndarray:
    return np.log(np.array([likely.get(letter, 1e-6) for letter in LETTERS], np.float32))


def _text(target: GreedyTarget) -> str:
    return "".join(LETTERS[token] for token in target.tokens)


def _committed(target: GreedyTarget) -> str:
    return "".join(LETTERS[token] for token in target.committed.tokens)


def _goal(*, words: int = 1, due: int = 0) -> Goal:
    return Goal(final=False, words=words, tentative_words=4, due=due)


def test_the_word_is_written_that_the_likeliest_continuation_begins_with() -> None:
    assert _committed(_decode(GARDEN_PATH, _goal(), window=3)) == "B"


def test_a_first_token_that_is_sure_is_not_searched_further() -> None:
    model = {**GARDEN_PATH, "": {"A": 0.8, "B": 0.2}, "A": dict.fromkeys("ABCDabcd", 0.1)}
    assert _committed(_decode(model, _goal(), window=3)).startswith("A")


def test_without_a_window_the_likeliest_word_is_written() -> None:
    assert _committed(_decode(GARDEN_PATH, _goal(), window=0)).startswith("A")


def test_the_cells_to_go_on_from_are_those_before_the_last_token() -> None:
    cells = _decode(GARDEN_PATH, _goal(words=2), window=3).committed.cells
    assert cells is not None and cells.flat[0] == 1


def test_a_read_that_the_model_prefers_ends_the_search() -> None:
    assert _committed(_decode({"": {"$": 0.6, "B": 0.4}}, _goal(), window=3)) == ""


def test_a_word_that_is_due_is_written_where_the_model_prefers_a_read() -> None:
    assert _committed(_decode({"": {"$": 0.6, "B": 0.4}}, _goal(due=1), window=3)) == "B"


def test_a_word_that_is_longer_than_the_window_is_completed() -> None:
    model = {"": {"A": 1.0}, "A": {"b": 1.0}, "Ab": {"b": 1.0}, "Abb": {"C": 1.0}}
    assert _committed(_decode(model, _goal(), window=1)) == "Abb"
