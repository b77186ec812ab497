"""The real students in both directions, streamed word by word."""

from __future__ import annotations

import pytest

from mt.content_words import content_words
from mt.greedy import EMPTY_TARGET
from mt.translator import TranslateRequest, Translator
from mt.wait_k import WaitK
from server.models import models_dir

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def en_pt() -> Translator:
    return Translator(models_dir() / "marian-en-pt")


@pytest.fixture(scope="module")
def pt_en() -> Translator:
    return Translator(models_dir() / "marian-pt-en")


def _stream(translator: Translator, sentence: str, language: str, *, k: int) -> tuple[str, list[int]]:
    """The translation, and how many target words stood after each source word."""
    words, target, state, stood = sentence.split(), [], EMPTY_TARGET, []
    for read in range(1, len(words) + 1):
        content = content_words(words[:read], language)
        wanted = max(0, WaitK().writable(len(content), k=k).due - len(target))
        request = TranslateRequest(" ".join(content), read == len(words), state, wanted, due=wanted)
        result = translator.run([request])[0]
        assert result.target.tokens[: len(state.tokens)] == state.tokens
        target.extend(result.words)
        state = result.target
        stood.append(len(target))
    return " ".join(target), stood


def test_english_is_translated_whole(en_pt: Translator) -> None:
    result = en_pt.run([TranslateRequest("The meeting starts at nine in the big room.", final=True)])[0]
    assert {"reunião", "nove", "grande"} <= set(" ".join(result.words).replace(".", "").split())


def test_english_is_translated_while_it_is_read(en_pt: Translator) -> None:
    text, stood = _stream(en_pt, "Yesterday my sister bought a red car and three books for the children.", "en", k=3)
    assert {"Ontem", "irmã", "comprou", "carro", "vermelho", "três", "livros"} <= set(text.replace(",", "").split())
    assert stood[:2] == [0, 0] and stood[-2] >= 5


def test_portuguese_is_translated_while_it_is_read(pt_en: Translator) -> None:
    text, stood = _stream(
        pt_en, "Ontem minha irmã comprou um carro vermelho e três livros para as crianças.", "pt", k=3
    )
    assert {"Yesterday", "sister", "bought", "car", "three", "books"} <= set(text.replace(",", "").split())
    assert stood[:2] == [0, 0] and stood[-2] >= 5


def test_a_batch_gives_what_each_request_gives_alone(en_pt: Translator) -> None:
    requests = [
        TranslateRequest("Good morning.", final=True),
        TranslateRequest("We have to decide today whether the old bridge", final=False, words=4, tentative_words=5),
        TranslateRequest("", final=True),
        TranslateRequest("The price went up by twelve percent last year, they said.", final=True),
    ]
    together = en_pt.run(requests)
    alone = [en_pt.run([request])[0] for request in requests]
    assert [(each.words, each.tentative) for each in together] == [(each.words, each.tentative) for each in alone]


def test_an_empty_source_gives_no_words(en_pt: Translator) -> None:
    assert en_pt.run([TranslateRequest("  ", final=True)])[0].words == ()


def test_junk_ends_and_does_not_loop(en_pt: Translator) -> None:
    words = en_pt.run([TranslateRequest("good " * 60, final=True)])[0].words
    assert len(words) < 200
    assert not any(words[at : at + 1] * 4 == words[at : at + 4] for at in range(len(words) - 3))
