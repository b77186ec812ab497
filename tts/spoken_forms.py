"""How each language speaks what is written with signs: currencies, units, months, abbreviations, letters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

Forms = tuple[str, str]
"""Singular and plural."""


@dataclass(frozen=True, slots=True)
class SpokenForms:
    """The tables of one language."""

    thousands: str
    decimal: str
    and_word: str
    of_word: str
    """stands between a round million and its unit (pt: um milhão DE reais), empty where nothing does"""
    at: str
    dot: str
    slash: str
    minus: str
    to: str
    number_sign: str
    scales: Mapping[str, str]
    """words and letters for millions and the like after an amount -> the spoken word"""
    currencies: Mapping[str, tuple[Forms, Forms]]
    """sign -> (unit, hundredth of it)"""
    units: Mapping[str, Forms]
    fractions: Mapping[str, str]
    months: tuple[str, ...]
    month_first: bool
    abbreviations: Mapping[str, str]
    spelled: frozenset[str]
    """acronyms that could be read as words but are not"""
    letters: Mapping[str, str]
    """letter names, for a language in which the phonemiser cannot tell an acronym from a word"""
    alone: Mapping[str, str]
    """words of one letter -> how to write them where marks set them off: the phonemiser names the letter there"""


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_EN = SpokenForms(
    thousands=",",
    decimal=".",
    and_word="and",
    of_word="",
    at="at",
    dot="dot",
    slash="slash",
    minus="minus",
    to="to",
    number_sign="number",
    scales={"thousand": "thousand", "million": "million", "billion": "billion", "trillion": "trillion"}
    | {"k": "thousand", "K": "thousand", "M": "million", "bn": "billion", "B": "billion", "m": "million"},
    currencies={
        "R$": (("real", "reais"), ("centavo", "centavos")),
        "US$": (("US dollar", "US dollars"), ("cent", "cents")),
        "$": (("dollar", "dollars"), ("cent", "cents")),
        "€": (("euro", "euros"), ("cent", "cents")),
        "£": (("pound", "pounds"), ("penny", "pence")),
        "¥": (("yen", "yen"), ("sen", "sen")),
    },
    units={
        "km/h": ("kilometer per hour", "kilometers per hour"),
        "mph": ("mile per hour", "miles per hour"),
        "m/s": ("meter per second", "meters per second"),
        "km": ("kilometer", "kilometers"),
        "cm": ("centimeter", "centimeters"),
        "mm": ("millimeter", "millimeters"),
        "m²": ("square meter", "square meters"),
        "m³": ("cubic meter", "cubic meters"),
        "km²": ("square kilometer", "square kilometers"),
        "m": ("meter", "meters"),
        "kg": ("kilogram", "kilograms"),
        "mg": ("milligram", "milligrams"),
        "g": ("gram", "grams"),
        "lb": ("pound", "pounds"),
        "lbs": ("pound", "pounds"),
        "ft": ("foot", "feet"),
        "ml": ("milliliter", "milliliters"),
        "L": ("liter", "liters"),
        "°C": ("degree Celsius", "degrees Celsius"),
        "°F": ("degree Fahrenheit", "degrees Fahrenheit"),
        "kW": ("kilowatt", "kilowatts"),
        "kWh": ("kilowatt hour", "kilowatt hours"),
        "KB": ("kilobyte", "kilobytes"),
        "MB": ("megabyte", "megabytes"),
        "GB": ("gigabyte", "gigabytes"),
        "TB": ("terabyte", "terabytes"),
        "Hz": ("hertz", "hertz"),
        "kHz": ("kilohertz", "kilohertz"),
        "ms": ("millisecond", "milliseconds"),
    },
    fractions={
        "1/2": "one half",
        "1/3": "one third",
        "2/3": "two thirds",
        "1/4": "one quarter",
        "3/4": "three quarters",
        "½": "one half",
        "¼": "one quarter",
        "¾": "three quarters",
    },
    months=_listed("January February March April May June July August September October November December"),
    month_first=True,
    abbreviations={
        "Mr.": "Mister",
        "Mrs.": "Missus",
        "Ms.": "Miz",
        "Dr.": "Doctor",
        "Prof.": "Professor",
        "vs.": "versus",
        "etc.": "et cetera",
        "e.g.": "for example",
        "i.e.": "that is",
        "approx.": "approximately",
        "&": "and",
    },
    spelled=frozenset(),
    letters={},
    alone={},
)

# "í" and "ú" would be read as "i agudo" and "u agudo".
_PT_LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        _listed("á bê cê dê é éfe gê agá i jóta cá éle ême êne ó pê quê érre ésse tê u vê dáblio xis ípsilon zê"),
        strict=True,
    )
)

_PT = SpokenForms(
    thousands=".",
    decimal=",",
    and_word="e",
    of_word="de",
    at="arroba",
    dot="ponto",
    slash="barra",
    minus="menos",
    to="a",
    number_sign="número",
    scales={"mil": "mil", "milhão": "milhão", "milhões": "milhões", "bilhão": "bilhão", "bilhões": "bilhões"}
    | {"trilhão": "trilhão", "trilhões": "trilhões", "mi": "milhões", "bi": "bilhões"},
    currencies={
        "R$": (("real", "reais"), ("centavo", "centavos")),
        "US$": (("dólar", "dólares"), ("centavo", "centavos")),
        "$": (("dólar", "dólares"), ("centavo", "centavos")),
        "€": (("euro", "euros"), ("cêntimo", "cêntimos")),
        "£": (("libra", "libras"), ("pêni", "pence")),
        "¥": (("iene", "ienes"), ("sen", "sen")),
    },
    units={
        "km/h": ("quilômetro por hora", "quilômetros por hora"),
        "m/s": ("metro por segundo", "metros por segundo"),
        "km": ("quilômetro", "quilômetros"),
        "cm": ("centímetro", "centímetros"),
        "mm": ("milímetro", "milímetros"),
        "m²": ("metro quadrado", "metros quadrados"),
        "m³": ("metro cúbico", "metros cúbicos"),
        "km²": ("quilômetro quadrado", "quilômetros quadrados"),
        "m": ("metro", "metros"),
        "kg": ("quilo", "quilos"),
        "mg": ("miligrama", "miligramas"),
        "g": ("grama", "gramas"),
        "ml": ("mililitro", "mililitros"),
        "l": ("litro", "litros"),
        "L": ("litro", "litros"),
        "°C": ("grau", "graus"),
        "°F": ("grau Fahrenheit", "graus Fahrenheit"),
        "kW": ("quilowatt", "quilowatts"),
        "kWh": ("quilowatt-hora", "quilowatts-hora"),
        "KB": ("quilobaite", "quilobaites"),
        "MB": ("megabaite", "megabaites"),
        "GB": ("gigabaite", "gigabaites"),
        "TB": ("terabaite", "terabaites"),
        "Hz": ("hertz", "hertz"),
        "kHz": ("quilohertz", "quilohertz"),
        "ms": ("milissegundo", "milissegundos"),
        "min": ("minuto", "minutos"),
        "h": ("hora", "horas"),
    },
    fractions={
        "1/2": "meio",
        "1/3": "um terço",
        "2/3": "dois terços",
        "1/4": "um quarto",
        "3/4": "três quartos",
        "½": "meio",
        "¼": "um quarto",
        "¾": "três quartos",
    },
    months=_listed("janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro"),
    month_first=False,
    abbreviations={
        "Sr.": "senhor",
        "Sra.": "senhora",
        "Dr.": "doutor",
        "Dra.": "doutora",
        "Prof.": "professor",
        "Profa.": "professora",
        "etc.": "etcétera",
        "nº": "número",
        "n.º": "número",
        "Av.": "avenida",
        "p. ex.": "por exemplo",
        "aprox.": "aproximadamente",
        "&": "e",
    },
    spelled=frozenset({"API", "CEO", "SMS", "GPS", "UTI", "IPO", "VIP", "ERP", "SAP", "RG"}),
    letters=MappingProxyType(_PT_LETTERS),
    alone={"é": "éh", "É": "éh", "à": "a", "À": "a", "e": "i", "E": "i"},
)

SPOKEN_FORMS: Mapping[str, SpokenForms] = MappingProxyType({"en": _EN, "pt": _PT})
"""By primary language subtag; a language that is absent is spoken as it is written."""
