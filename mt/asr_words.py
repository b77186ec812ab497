"""Words that a recogniser confuses, and reductions of quick speech. Written by hand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AsrWords:
    confusions: Mapping[str, tuple[str, ...]]
    """what is written instead, by the word that was said; errors"""
    reductions: Mapping[tuple[str, ...], str]
    """what quick speech makes of one or two words; no errors"""
    lost: frozenset[str]
    """short unstressed words that recognisers leave out"""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


def _confusable(*groups: str) -> dict[str, tuple[str, ...]]:
    """Each word of a group may become any other of it."""
    sets = [group.split() for group in groups]
    return {word: tuple(other for other in words if other != word) for words in sets for word in words}


ENGLISH = AsrWords(
    confusions={
        **_confusable(
            "their there they're",
            "to too two",
            "a an the",
            "is his",
            "your you're",
            "its it's",
            "in and",
            "then than",
            "of off",
            "for four",
            "our are",
            "where were",
            "whose who's",
            "know no",
            "by buy",
            "hear here",
            "right write",
            "he's his",
            "this these",
            "can can't",
            "we're were",
            "it that",
            "him them",
            "one won",
            "week weak",
            "new knew",
            "been being",
            "which witch",
            "our hour",
            "affect effect",
            "accept except",
            "weather whether",
            "would wood",
            "sea see",
            "meet meat",
            "sun son",
            "whole hole",
            "piece peace",
            "past passed",
            "price prize",
            "think thing",
            "walk work",
            "want won't",
            "live leave",
            "sit seat",
            "ship sheep",
        ),
        "have": ("of", "has"),
        "had": ("have", "has"),
        "and": ("in", "an"),
        "are": ("our", "or"),
        "or": ("are",),
        "i": ("a",),
        "i'm": ("am",),
        "asked": ("ask",),
        "used": ("use",),
        "walked": ("walk",),
        "wanted": ("want",),
        "needed": ("need",),
        "called": ("call",),
        "worked": ("work",),
    },
    reductions={
        ("going", "to"): "gonna",
        ("want", "to"): "wanna",
        ("got", "to"): "gotta",
        ("have", "to"): "hafta",
        ("kind", "of"): "kinda",
        ("sort", "of"): "sorta",
        ("out", "of"): "outta",
        ("let", "me"): "lemme",
        ("because",): "'cause",
        ("yes",): "yeah",
        ("them",): "'em",
        ("about",): "'bout",
    },
    lost=_words("a an the of to in on at and is are was it i that do have had will would you we he she for as be"),
)

PORTUGUESE = AsrWords(
    confusions={
        **_confusable(
            "mas mais",
            "há a à",
            "e é",
            "o ou",
            "em e",
            "um o",
            "uma a",
            "de e",
            "da de",
            "do de",
            "no na",
            "os o",
            "as a",
            "com como",
            "por pôr",
            "mal mau",
            "nós nos",
            "este esse",
            "esta essa",
            "isto isso",
            "ao o",
            "às as",
            "se ser",
            "que quê",
            "sem cem",
            "são sou",
            "era hora",
            "ele eles",
            "ela elas",
            "foi fui",
            "fez faz",
            "tem têm",
            "vem vêm",
            "avó avô",
            "conserto concerto",
            "cedo sede",
            "passo paço",
            "senso censo",
            "sessão seção",
            "houve ouve",
            "trás traz",
            "aonde onde",
            "muito muitos",
            "cinco cinto",
            "seis três",
            "pode pôde",
            "falaram falarão",
            "ficaram ficarão",
        ),
        "a": ("há", "à", "as"),
        "e": ("é", "em"),
        "o": ("ou", "os", "um"),
        "de": ("e", "da"),
        "está": ("esta",),
        "estava": ("esta",),
        "estão": ("então",),
        "meu": ("eu",),
    },
    reductions={
        ("está",): "tá",
        ("estou",): "tô",
        ("estão",): "tão",
        ("estava",): "tava",
        ("estavam",): "tavam",
        ("estamos",): "tamos",
        ("você",): "cê",
        ("vocês",): "cês",
        ("para",): "pra",
        ("para", "o"): "pro",
        ("para", "a"): "pra",
        ("para", "os"): "pros",
        ("para", "as"): "pras",
        ("em", "um"): "num",
        ("em", "uma"): "numa",
        ("vamos",): "vamo",
        ("estivesse",): "tivesse",
        ("não", "é"): "né",
        ("com", "o"): "co",
        ("olhe",): "ó",
        ("espere",): "pera",
        ("espera",): "pera",
    },
    lost=_words("o a os as um uma de da do em no na e que se eu é ao à com para me ele ela foi"),
)

WORDS: Mapping[str, AsrWords] = {"en": ENGLISH, "pt": PORTUGUESE}
