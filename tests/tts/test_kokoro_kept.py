"""Brief texts are spoken once; the graph is a stand-in that counts its calls."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tts.espeak import Espeak
from tts.kokoro import MAX_TOKENS, KokoroModel
from tts.synthesis import SynthesizeRequest


class Counting:
    def __init__(self) -> None:
        self.calls = 0

    def run(self, _outputs: list[str], _feeds: dict[str, Any]) -> list[np.ndarray]:
        self.calls += 1
        return [np.full(6000, 0.1, np.float32)]


@pytest.fixture
def graph() -> Counting:
    return Counting()


@pytest.fixture
def model(graph: Counting) -> KokoroModel:
    letters = "abcdefghijklmnopqrstuvwxyzˈˌʊɪɐʒʃɾɡ.,"
    styles = {"pf_dora": np.zeros((MAX_TOKENS, 256), np.float32)}
    return KokoroModel(graph, {letter: n for n, letter in enumerate(letters, 1)}, styles, Espeak(), threads=1)


def _ask(text: str, tempo: float = 1.0) -> SynthesizeRequest:
    return SynthesizeRequest(text, "pt", "pf_dora", tempo)


def test_a_brief_text_is_made_once(model: KokoroModel, graph: Counting) -> None:
    first, second = model.run([_ask("Sim.")]), model.run([_ask("Sim.")])
    assert graph.calls == 1
    assert np.array_equal(first[0], second[0]) and len(first[0])
    with pytest.raises(ValueError, match="read-only"):
        first[0][0] = 1.0


def test_another_tempo_or_a_long_text_is_made_anew(model: KokoroModel, graph: Counting) -> None:
    long = "Vamos decidir isso na próxima reunião do conselho."
    for request in (_ask("Sim."), _ask("Sim.", 1.15), _ask(long), _ask(long)):
        model.run([request])
    assert graph.calls == 4
