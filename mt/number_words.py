"""Digits as the words a speaker says (num2words): integers, decimals, ordinals, years, times, percentages, money."""

from __future__ import annotations

import re

from num2words import num2words

_LANGUAGES = {"en": "en", "pt": "pt_BR"}
_POINTS = {"en": ".", "pt": ","}
_GROUPS = {"en": ",", "pt": "."}
_PERCENT = {"en": "percent", "pt": "por cento"}
_CURRENCIES = {
    "en": {"$": "dollars", "€": "euros", "£": "pounds", "R$": "reais", "US$": "dollars"},
    "pt": {"$": "dólares", "€": "euros", "£": "libras", "R$": "reais", "US$": "dólares"},
}
_ENGLISH_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th)")
_PORTUGUESE_ORDINAL = re.compile(r"(\d+)[ºª°]")
_TIME = re.compile(r"(\d{1,2})(?::|h)(\d{2})h?")
_PORTUGUESE_HOUR = re.compile(r"(\d{1,2})h")
_YEAR = re.compile(r"1[1-9]\d\d|20[1-9]\d")
_MONEY = re.compile(r"(R\$|US\$|[$€£])(.+)")
_LONGEST_DIGITS = 12


def number_words(token: str, language: str) -> list[str]:
    """How the number is said, or nothing if the token isn't one number that we can say."""
    said = _said(token, language)
    return said.replace(",", "").replace("-", " ").split() if said else []


def _said(token: str, language: str) -> str:
    if match := _MONEY.fullmatch(token):
        amount = _said(match[2], language)
        return amount and f"{amount} {_CURRENCIES[language][match[1]]}"
    if token.endswith("%"):
        amount = _said(token[:-1], language)
        return amount and f"{amount} {_PERCENT[language]}"
    if match := (_ENGLISH_ORDINAL if language == "en" else _PORTUGUESE_ORDINAL).fullmatch(token):
        return _ordinal(match[1], language, feminine=token.endswith("ª"))
    if match := _TIME.fullmatch(token):
        return _time(int(match[1]), int(match[2]), language)
    if language == "pt" and (match := _PORTUGUESE_HOUR.fullmatch(token)):
        return f"{_cardinal(match[1], language)} horas"
    if language == "en" and _YEAR.fullmatch(token):
        return str(num2words(int(token), lang="en", to="year"))
    return _amount(token, language)


def _amount(token: str, language: str) -> str:
    digits = re.sub(rf"{re.escape(_GROUPS[language])}(?=\d{{3}}(?!\d))", "", token)
    whole, point, decimals = digits.partition(_POINTS[language])
    if not whole.isdecimal() or len(whole) > _LONGEST_DIGITS or (point and not decimals.isdecimal()):
        return ""
    if not point:
        return _cardinal(whole, language)
    if len(decimals) > 3:
        return ""
    is_read_as_one = language == "pt" and not decimals.startswith("0")
    tail = " ".join(_cardinal(part, language) for part in ([decimals] if is_read_as_one else decimals))
    return f"{_cardinal(whole, language)} {'point' if language == 'en' else 'vírgula'} {tail}"


def _cardinal(digits: str, language: str) -> str:
    return str(num2words(int(digits), lang=_LANGUAGES[language]))


def _ordinal(digits: str, language: str, *, feminine: bool) -> str:
    if len(digits) > 3:
        return ""
    said = str(num2words(int(digits), lang=_LANGUAGES[language], to="ordinal"))
    return re.sub(r"o\b", "a", said) if feminine else said


def _time(hour: int, minute: int, language: str) -> str:
    if hour > 24 or minute > 59:
        return ""
    hours = _cardinal(str(hour), language)
    if language == "pt":
        hours = re.sub(r"\bum$", "uma", re.sub(r"\bdois$", "duas", hours))
        return f"{hours} e {_cardinal(str(minute), language)}" if minute else f"{hours} horas"
    if not minute:
        return f"{hours} o'clock"
    return f"{hours} {'oh ' if minute < 10 else ''}{_cardinal(str(minute), language)}"
