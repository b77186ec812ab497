"""What eSpeak NG makes of the words that are easily taken for letters."""

import pytest

from tts.espeak import Espeak
from tts.normalize import normalize


@pytest.fixture(scope="module")
def espeak() -> Espeak:
    return Espeak()


def test_a_letter_of_portuguese_between_marks_is_named(espeak: Espeak) -> None:
    """Or else the normalisation's `alone` has no reason any more."""
    assert "aɡˈudʊ" in espeak.phonemes("isso, é, bom", "pt-br")


@pytest.mark.parametrize("text", ["isso, é, bom", "É.", "E, no fim, é", "à, sim", "a IA nos EUA, o IBGE e a UTI"])
def test_a_portuguese_word_of_one_letter_is_not_named(text: str, espeak: Espeak) -> None:
    said = espeak.phonemes(normalize(text, "pt"), "pt-br")
    assert "aɡˈudʊ" not in said and "aɡrˈavi" not in said


def test_a_last_clause_of_one_letter_stays_in_its_own_text(espeak: Espeak) -> None:
    alone = espeak.phonemes("bem", "pt-br")
    assert espeak.phonemes("dó – a", "pt-br").endswith("ˈa")
    assert espeak.phonemes("bem", "pt-br") == alone
