"""Portuguese inflection by rule: number of nouns, gender and number of adjectives (Cunha & Cintra 1985, chapters 8, 9).

Rules give more than there is ("mãos" and "mães", but "mões" too): that is harmless where forms are looked for in text.
The first form of a feature is the usual one.
"""

from __future__ import annotations

from collections.abc import Iterator

from mt.word_form import Form

_ACCENTED = frozenset("áéíóúâêôãõ")
_BARE = str.maketrans("áéíóúâêô", "aeiouaeo")
_PLURALS_OF_ÃO = {
    "ãos": frozenset(
        {"mão", "irmão", "cidadão", "órgão", "grão", "chão", "vão", "cristão", "órfão", "bênção", "sótão"}
    ),
    "ães": frozenset({"pão", "cão", "alemão", "capitão", "escrivão", "tabelião", "catalão", "charlatão", "guardião"}),
}
"""all others have -ões"""
_FEMININES = {"bom": "boa", "mau": "má", "meu": "minha", "seu": "sua", "só": "só", "cru": "crua", "nu": "nua"}


def noun_forms(noun: str) -> Iterator[Form]:
    """The plurals; of one who does something the feminine too (diretor, diretora)."""
    for plural in plurals(noun):
        yield Form("plural", plural)
    if noun.endswith(("dor", "tor", "sor")):
        yield Form("other", noun + "a")
        yield Form("plural", noun + "as")


def adjective_forms(adjective: str) -> Iterator[Form]:
    """Masculine plurals, then feminines."""
    for plural in plurals(adjective):
        yield Form("plural", plural)
    for feminine in _feminines(adjective):
        yield Form("other", feminine)
        for plural in plurals(feminine):
            yield Form("plural", plural)


def plurals(word: str) -> list[str]:
    """The usual one first."""
    if word.endswith("ão"):
        stem = word[:-2]
        endings = sorted(("ões", "ães", "ãos"), key=lambda ending: word not in _PLURALS_OF_ÃO.get(ending, ()))
        return [stem + ending for ending in endings]
    match word[-1:]:
        case "l":
            return _plurals_of_l(word)
        case "m":
            return [word[:-1] + "ns"]
        case "s" | "x":
            return [_without_last_accent(word) + "es", word] if word[-2:-1] in _ACCENTED else [word]
        case "r" | "z":
            return [word + "es", _without_last_accent(word) + "es"]
        case "n":
            return [word + "s", word + "es"]
        case _:
            return [word + "s"]


def _plurals_of_l(word: str) -> list[str]:
    stem, stressed_before = word[:-2], any(letter in _ACCENTED for letter in word[:-2])
    match word[-2:]:
        case "al" | "ul":
            return [word[:-1] + "is"]
        case "el":
            return [stem + "eis"] if stressed_before else [stem + "éis"]
        case "ol":
            return [stem + "ois"] if stressed_before else [stem + "óis"]
        case "il":
            return [stem + "eis"] if stressed_before else [stem + "is"]
        case _:
            return [word + "s"]


def _feminines(adjective: str) -> list[str]:
    if adjective in _FEMININES:
        return [_FEMININES[adjective]]
    if adjective.endswith("ão"):
        return [adjective[:-1], adjective[:-2] + "ona", adjective[:-2] + "oa"]
    if adjective.endswith("eu"):
        return [adjective[:-2] + "eia", adjective[:-2] + "ia"]
    if adjective.endswith("o"):
        return [adjective[:-1] + "a"]
    if adjective.endswith("ês"):
        return [adjective[:-2] + "esa"]
    if adjective.endswith(("or", "ol")):
        return [adjective + "a"]
    return []


def _without_last_accent(word: str) -> str:
    """`mês` -> `mes`, but `país` stays: an i or u beside a vowel keeps its accent."""
    at = max((place for place, letter in enumerate(word) if letter in _ACCENTED), default=-1)
    if at < 0 or (word[at] in "íú" and word[at - 1 : at] in ("a", "e", "o", "u")):
        return word
    return word[:at] + word[at].translate(_BARE) + word[at + 1 :]
