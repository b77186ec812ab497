"""Text normalisation: writes out what the phonemiser would misread (non-standard words, Sproat et al. 2001).

eSpeak NG reads plain and grouped integers, decimals, percentages and ordinals well in English and Portuguese; those
stay as they are. Currencies, dates, times, units, ranges, addresses and most Portuguese acronyms it does not.
"""

from __future__ import annotations

import re

from streaming.language import primary
from tts.spoken_forms import SPOKEN_FORMS, Forms, SpokenForms

_EMAIL = re.compile(r"\b[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_URL = re.compile(
    r"\b(?:https?://)?(?:www\.)?(?:[a-z0-9-]+\.)+(?:com|org|net|edu|gov|io|br|pt|uk|eu|ai)\b(?:/[\w./-]*\w)?"
)
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_SLASH_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_CLOCK_EN = re.compile(r"\b(\d{1,2}):(\d{2})\b(?!:)")
_CLOCK_PT = re.compile(r"\b(\d{1,2})(?:(?::|h)(\d{2})(?:\s?min|\s?h)?|\s?h)\b(?!:)")
_RANGE = re.compile(r"(?<![\d-])(\d+(?:[.,]\d+)*)(?: [-–] |[-–])(\d+(?:[.,]\d+)*)(?![\d-])")
_NEGATIVE = re.compile(r"(?<!\S)[-−](?=\d)")
_NUMBERED = re.compile(r"(?:#|\bNo\. ?)(?=\d)")
_SLASH = re.compile(r"(?<=\d)/(?=\d)")
_EITHER = re.compile(r"(?<=[^\W\d])/(?=[^\W\d])")
_DECADE = re.compile(r"(?:\b|')(\d\d)?([2-9]0)s\b")
_TENS = {"2": "twen", "3": "thir", "4": "for", "5": "fif", "6": "six", "7": "seven", "8": "eigh", "9": "nine"}
_ACRONYM = re.compile(r"\b[A-Z]{2,5}s?\b")
_SYLLABLES = re.compile(r"[AEIOU]?(?:[BCDFGJKLMNPRSTVZ][AEIOU])+[LMNRSZBDT]?|[AEIOU]T[AEIOU][LMNRS]")
_SET_OFF = re.compile(r"((?:^|[;:,.!?…—–])\W*)(?!(?<!^)[A-Z]|[A-Z]\.)(\w)(?=\W*(?:[;:,.!?…—–]|$))")
"""A word of one letter between marks; a capital within the text ("D, E, F") or before a stop ("E. coli") is none."""
_PT_HOURS = {1: "uma", 2: "duas", 21: "vinte e uma", 22: "vinte e duas"}


def normalize(text: str, language: str) -> str:
    """`text` with its non-standard words written out as `language` speaks them."""
    spoken = primary(language)
    forms = SPOKEN_FORMS.get(spoken)
    if forms is None:
        return text
    text = _addresses(text, forms)
    text = _dates(_currencies(text, forms), forms)
    text = _clock_pt(text) if spoken == "pt" else _clock_en(text)
    text = _DECADE.sub(_decade, text) if spoken == "en" else text
    text = _amounts(text, forms)
    text = _abbreviations(text, forms)
    text = _acronyms(text, forms) if forms.letters else text
    return _SET_OFF.sub(lambda m: m[1] + forms.alone.get(m[2], m[2]), text)


def _addresses(text: str, forms: SpokenForms) -> str:
    def spell(match: re.Match[str]) -> str:
        address = re.sub(r"^(?:https?://)?(?:www\.)?", "", match.group())
        for sign, word in (("@", forms.at), (".", forms.dot), ("/", forms.slash), ("-", " "), ("_", " ")):
            address = address.replace(sign, f" {word} ")
        return " ".join(address.split())

    return _URL.sub(spell, _EMAIL.sub(spell, text))


def _currencies(text: str, forms: SpokenForms) -> str:
    signs = "|".join(re.escape(sign) for sign in sorted(forms.currencies, key=len, reverse=True))
    scales = "|".join(sorted(forms.scales, key=len, reverse=True))
    thousands, decimal = re.escape(forms.thousands), re.escape(forms.decimal)
    number = rf"(\d+(?:{thousands}\d{{3}})*)(?:{decimal}(\d+))?"
    amount = re.compile(rf"(?<![A-Za-z])({signs})\s?{number}(?:\s?({scales})\b)?")

    def say(match: re.Match[str]) -> str:
        sign, whole, part, scale = match.groups()
        unit, hundredth = forms.currencies[sign]
        if scale:
            figure = whole + (forms.decimal + part if part else "")
            joint = f" {forms.of_word}" if forms.of_word and scale != "mil" else ""
            return f"{figure} {forms.scales[scale]}{joint} {unit[1]}"
        if not part or len(part) != 2:
            figure = whole + (forms.decimal + part if part else "")
            return f"{figure} {_form(figure, unit)}"
        said = f"{whole} {_form(whole, unit)}"
        return said if int(part) == 0 else f"{said} {forms.and_word} {int(part)} {_form(str(int(part)), hundredth)}"

    return amount.sub(say, text)


def _dates(text: str, forms: SpokenForms) -> str:
    def iso(match: re.Match[str]) -> str:
        year, month, day = match.groups()
        return _date(match.group(), int(day), int(month), year, forms)

    def slashed(match: re.Match[str]) -> str:
        first, second, year = int(match[1]), int(match[2]), match[3]
        if (forms.month_first and first <= 12) or second > 12:
            first, second = second, first
        return _date(match.group(), first, second, year, forms)

    return _SLASH_DATE.sub(slashed, _ISO_DATE.sub(iso, text))


def _date(written: str, day: int, month: int, year: str, forms: SpokenForms) -> str:
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return written
    name = forms.months[month - 1]
    if forms.month_first:
        return f"{name} {day}, {year}"
    return f"{'primeiro' if day == 1 else day} de {name} de {year}"


def _clock_en(text: str) -> str:
    def say(match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2])
        if hour > 24 or minute > 59:
            return match.group()
        if minute == 0:
            followed = re.match(r"\s?[ap]\.?m\b", match.string[match.end() :], re.IGNORECASE)
            return str(hour) if followed else f"{hour} o'clock"
        return f"{hour} oh {minute}" if minute < 10 else f"{hour} {minute}"

    return _CLOCK_EN.sub(say, text)


def _clock_pt(text: str) -> str:
    def say(match: re.Match[str]) -> str:
        hour, minute = int(match[1]), int(match[2] or 0)
        if hour > 24 or minute > 59:
            return match.group()
        hours = _PT_HOURS.get(hour, str(hour))
        return f"{hours} e {minute}" if minute else f"{hours} {'hora' if hour == 1 else 'horas'}"

    return _CLOCK_PT.sub(say, text)


def _decade(match: re.Match[str]) -> str:
    tens = _TENS[match[2][0]] + "ties"
    return f"{match[1]} {tens}" if match[1] else tens


def _amounts(text: str, forms: SpokenForms) -> str:
    for written, spoken in forms.fractions.items():
        text = re.sub(rf"(?<![\d/]){written}(?![\d/])", spoken, text)
    names = "|".join(re.escape(name) for name in sorted(forms.units, key=len, reverse=True))
    unit = re.compile(rf"(?<!\w)(\d+(?:[.,]\d+)*)\s?({names})(?![\w/²³])")
    text = unit.sub(lambda m: f"{m[1]} {_form(m[1], forms.units[m[2]])}", text)
    text = _RANGE.sub(rf"\1 {forms.to} \2", text)
    text = _NEGATIVE.sub(f"{forms.minus} ", text)
    return _EITHER.sub(" ", _SLASH.sub(f" {forms.slash} ", text))


def _abbreviations(text: str, forms: SpokenForms) -> str:
    text = _NUMBERED.sub(f"{forms.number_sign} ", text)
    for written, spoken in forms.abbreviations.items():
        text = re.sub(rf"(?<!\w){re.escape(written)}(?!\w)", spoken, text)
    return text


def _acronyms(text: str, forms: SpokenForms) -> str:
    """Spelled unless its letters make syllables; text all in capitals is no acronym."""
    if text.isupper() and len(text.split()) > 2:
        return text

    def say(match: re.Match[str]) -> str:
        letters = match.group().removesuffix("s")
        if letters not in forms.spelled and len(letters) > 2 and _SYLLABLES.fullmatch(letters):
            return match.group()
        return " ".join(forms.letters[letter] for letter in letters)

    return _ACRONYM.sub(say, text)


def _form(figure: str, forms: Forms) -> str:
    return forms[0] if figure == "1" else forms[1]
