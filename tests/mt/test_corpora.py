"""Training texts: turns of a transcript cleaned by hand-worked examples, and small corpora in a folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from mt.corpora import MAX_WORDS, Sentence, clean_turn, read_corpora
from streaming.errors import BadInput

ENGLISH = {
    "qmsum.train.tsv.gz": "m1\tA\tso um we meet {disfmarker} we meet today .\n",
    "disfl_qa.train.tsv.gz": "Who no what wrote Hamlet?\tWhat wrote Hamlet?\n",
    "tatoeba.en-pt.tsv.gz": "The door is open.\tA porta está aberta.\n",
    "tico19.en-ptBR.tsv.gz": "Wash your hands.\tLave as mãos.\n",
    "ud_ewt.en.txt.gz": "Rain is coming.\n",
}
PORTUGUESE = {
    "tatoeba.en-pt.tsv.gz": "The door is open.\tA porta está aberta.\n",
    "tico19.en-ptBR.tsv.gz": "Wash your hands.\tLave as mãos.\n",
    "ud.pt.txt.gz": "A chuva vem aí.\n",
}


def _corpora(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        with gzip.open(folder / name, "wt", encoding="utf-8") as file:
            file.write(text)
    return folder


def _fluent(folder: Path, files: dict[str, str], language: str) -> list[str]:
    return [sentence.fluent for sentence in read_corpora(_corpora(folder, files), language)]


@pytest.mark.parametrize(
    ("turn", "spoken", "fluent"),
    [
        ("it works .", "it works.", "It works."),
        (
            "for {disfmarker} for {disfmarker} for the , uh , meeting .",
            "for for for the, uh, meeting.",
            "For the, meeting.",
        ),
        (
            "it is a {disfmarker} it is a {disfmarker} it is a start .",
            "it is a it is a it is a start.",
            "It is a start.",
        ),
        ("we {disfmarker} , we go now .", "we we go now.", "We go now."),
        ("the the plan .", "the the plan.", "The plan."),
        (
            "you know , it works , I mean , mostly , really .",
            "you know, it works, I mean, mostly, really.",
            "It works, mostly, really.",
        ),
        ("we 're gon na meet , do n't worry .", "we're gonna meet, don't worry.", "We're gonna meet, don't worry."),
        ("{vocalsound} wait {gap} for me .", "wait for me.", "Wait for me."),
    ],
    ids=["as said", "filler", "three words", "comma", "repeat", "set off", "clitics", "sounds"],
)
def test_a_turn_is_cleaned(turn: str, spoken: str, fluent: str) -> None:
    assert clean_turn(turn) == [(spoken, fluent)]


def test_a_turn_is_cut_into_sentences() -> None:
    assert [fluent for _, fluent in clean_turn("it works . does it ? yes !")] == ["It works.", "Does it?", "Yes!"]


@pytest.mark.parametrize(
    "broken",
    [
        "we could {disfmarker} they can wait .",
        "how would you {disfmarker} ?",
        "we could go {disfmarker}",
        "we {disfmarker} , they go .",
    ],
)
def test_a_sentence_that_breaks_off_is_left_out(broken: str) -> None:
    assert clean_turn(f"it works . {broken}") == [("it works.", "It works.")]


def test_a_sentence_of_fillers_alone_is_left_out() -> None:
    assert clean_turn("uh . um , uh .") == []


def test_english_comes_from_all_its_corpora_in_their_order(tmp_path: Path) -> None:
    assert read_corpora(_corpora(tmp_path, ENGLISH), "en") == [
        Sentence("qmsum", "en", "So we meet today.", "so um we meet we meet today."),
        Sentence("disfl_qa", "en", "What wrote Hamlet?", "Who no what wrote Hamlet?"),
        Sentence("tatoeba", "en", "The door is open."),
        Sentence("tico19", "en", "Wash your hands."),
        Sentence("ud_ewt", "en", "Rain is coming."),
    ]


def test_portuguese_comes_from_the_second_column(tmp_path: Path) -> None:
    assert read_corpora(_corpora(tmp_path, PORTUGUESE), "pt") == [
        Sentence("tatoeba", "pt", "A porta está aberta."),
        Sentence("tico19", "pt", "Lave as mãos."),
        Sentence("ud", "pt", "A chuva vem aí."),
    ]


def test_a_text_that_stands_in_two_corpora_is_taken_once(tmp_path: Path) -> None:
    files = PORTUGUESE | {"ud.pt.txt.gz": "A porta está aberta.\nA chuva vem aí.\nA chuva vem aí.\n"}
    assert _fluent(tmp_path, files, "pt") == ["A porta está aberta.", "Lave as mãos.", "A chuva vem aí."]


@pytest.mark.parametrize(
    "junk",
    [
        "Não",
        " ".join(["palavra"] * (MAX_WORDS + 1)),
        "1 2 3 4 5 6 7 vezes",
        "Leia http://exemplo agora mesmo por favor",
        "O preço = dois reais por dia",
        "escreva a nome@exemplo por favor",
    ],
    ids=["one word", "long", "numbers", "link", "equals", "address"],
)
def test_what_is_no_sentence_to_learn_from_is_left_out(tmp_path: Path, junk: str) -> None:
    files = PORTUGUESE | {"ud.pt.txt.gz": f"{junk}\nA chuva vem aí.\n"}
    assert _fluent(tmp_path, files, "pt")[2:] == ["A chuva vem aí."]


def test_a_sentence_as_long_as_may_be_is_kept(tmp_path: Path) -> None:
    longest = " ".join(["palavra"] * MAX_WORDS)
    assert _fluent(tmp_path, PORTUGUESE | {"ud.pt.txt.gz": f"{longest}\n"}, "pt")[2:] == [longest]


def test_spaces_in_a_row_become_one(tmp_path: Path) -> None:
    assert _fluent(tmp_path, PORTUGUESE | {"ud.pt.txt.gz": "A  chuva   vem aí.\n"}, "pt")[2:] == ["A chuva vem aí."]


def test_a_folder_without_one_of_the_corpora_is_refused(tmp_path: Path) -> None:
    _corpora(tmp_path, {name: text for name, text in PORTUGUESE.items() if name != "tico19.en-ptBR.tsv.gz"})
    with pytest.raises(BadInput, match=r"tico19\.en-ptBR\.tsv\.gz: no such file"):
        read_corpora(tmp_path, "pt")
