"""Reads the training texts: fluent sentences, and what was really said where the corpus has it.

Only corpora whose licences allow weights trained on them to be shipped; mt/weights/README.md names them.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from mt.content_words import bare, content_words
from mt.sentences import ends_sentence
from streaming.errors import BadInput

MIN_WORDS, MAX_WORDS = 2, 40
"""of a fluent sentence that is worth learning from; the product cuts sentences at 50"""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a corpus."""

    corpus: str
    language: str
    fluent: str
    spoken: str = ""
    """what was said, where the corpus has both; "": not known"""


def read_corpora(folder: Path, language: str) -> list[Sentence]:
    """All training sentences of a language, each text once, in a fixed order.

    Raises BadInput when `folder` lacks one of the files.
    """
    readers = {"en": _ENGLISH, "pt": _PORTUGUESE}[language]
    seen: set[str] = set()
    sentences = []
    for file, reader in readers:
        path = folder / file
        if not path.is_file():
            raise BadInput(f"{path}: no such file")
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for sentence in reader(lines):
                if _is_usable(sentence.fluent) and sentence.fluent not in seen:
                    seen.add(sentence.fluent)
                    sentences.append(sentence)
    return sentences


def clean_turn(turn: str) -> list[tuple[str, str]]:
    """The (spoken, fluent) sentences of a turn of a meeting's transcript.

    Fillers, repeats and set-off "you know" and "I mean" are taken out of the fluent side. Sentences that break off are
    left out: nobody knows what they would have said.
    """
    turn = _CURLY.sub(lambda tag: " {} " if tag[0] == "{disfmarker}" else " ", turn)
    turn = _CLITIC.sub(r"\1", turn.replace("gon na", "gonna").replace("wan na", "wanna"))
    turn = _BEFORE_MARK.sub(r"\1", re.sub(r"\s+", " ", turn))
    return [pair for pair in map(_clean_sentence, _sentences(turn.split())) if pair is not None]


_CURLY = re.compile(r"\{[^}]*\}")
_CLITIC = re.compile(r"\s+('(?:s|m|d|ll|re|ve|t)\b|n't\b)", re.IGNORECASE)
_BEFORE_MARK = re.compile(r"(?<!\})\s+([,.?!;:])")
_SET_OFF = re.compile(r"(?:^|(?<=,))\s*(?:you know|I mean|well|so|like|yeah|okay|OK|right)\s*,", re.IGNORECASE)
_MARKS_IN_A_ROW = re.compile(r",(?:\s*,)+")
_BROKEN_OFF = "{}"


def _sentences(words: list[str]) -> Iterator[list[str]]:
    sentence: list[str] = []
    for word in words:
        sentence.append(word)
        if ends_sentence(word):
            yield sentence
            sentence = []


def _clean_sentence(words: list[str]) -> tuple[str, str] | None:
    spoken = [word for word in words if word != _BROKEN_OFF and bare(word)]
    kept = content_words([word for word in words if bare(word) or word == _BROKEN_OFF], "en")
    kept = _without_broken_repeats(kept)
    if _BROKEN_OFF in kept or not kept:
        return None
    text = _MARKS_IN_A_ROW.sub(",", " ".join(kept)).strip(" ,")
    text = _SET_OFF.sub("", text).strip(" ,")
    if not text:
        return None
    return " ".join(spoken), text[0].upper() + text[1:]


def _without_broken_repeats(words: list[str]) -> list[str]:
    """ "for {} for" -> "for": what was broken off and then said again, up to three words of it."""
    kept: list[str] = []
    at = 0
    while at < len(words):
        if words[at] == _BROKEN_OFF:
            for length in (3, 2, 1):
                before, after = kept[-length:], words[at + 1 : at + 1 + length]
                if len(before) == length == len(after) and list(map(bare, before)) == list(map(bare, after)):
                    del kept[-length:]
                    break
            else:
                kept.append(_BROKEN_OFF)
        else:
            kept.append(words[at])
        at += 1
    return kept


def _is_usable(text: str) -> bool:
    letters = sum(character.isalpha() or character.isspace() for character in text)
    return (
        MIN_WORDS <= len(text.split()) <= MAX_WORDS
        and letters > 0.8 * len(text)
        and not any(mark in text for mark in ("http", "@", "|", "=", "_", "#"))
    )


def _qmsum(lines: Iterator[str]) -> Iterator[Sentence]:
    for line in lines:
        for spoken, fluent in clean_turn(line.rstrip("\n").split("\t")[2]):
            yield Sentence("qmsum", "en", fluent, spoken)


def _disfl_qa(lines: Iterator[str]) -> Iterator[Sentence]:
    for line in lines:
        spoken, fluent = line.rstrip("\n").split("\t")
        yield Sentence("disfl_qa", "en", fluent, spoken)


def _column(corpus: str, language: str, column: int) -> Callable[[Iterator[str]], Iterator[Sentence]]:
    def read(lines: Iterator[str]) -> Iterator[Sentence]:
        for line in lines:
            yield Sentence(corpus, language, " ".join(line.rstrip("\n").split("\t")[column].split()))

    return read


_ENGLISH = (
    ("qmsum.train.tsv.gz", _qmsum),
    ("disfl_qa.train.tsv.gz", _disfl_qa),
    ("tatoeba.en-pt.tsv.gz", _column("tatoeba", "en", 0)),
    ("tico19.en-ptBR.tsv.gz", _column("tico19", "en", 0)),
    ("ud_ewt.en.txt.gz", _column("ud_ewt", "en", 0)),
)
_PORTUGUESE = (
    ("tatoeba.en-pt.tsv.gz", _column("tatoeba", "pt", 1)),
    ("tico19.en-ptBR.tsv.gz", _column("tico19", "pt", 1)),
    ("ud.pt.txt.gz", _column("ud", "pt", 0)),
)
