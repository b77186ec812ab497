"""Filler leak rate: the share of translated sentences in which a speaker's filled pause came through."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FILLED_PAUSES = {
    "en": re.compile(r"\b(?:u+h+|u+m+|e+r+m?|h+m+|uhm)\b", re.IGNORECASE),
    # "um" is the article and "é" the verb: only the filler that commas set off counts.
    "pt": re.compile(r"\b(?:u+h+|h+u*m+|hã+|ã+h?|ah[nm]|e+h+n?)\b|(?:^|,)\s*(?:é+|um+)\s*,", re.IGNORECASE),
}


def filler_leak(targets: Sequence[str], language: str) -> float:
    """0 to 1; 0 for no sentences. Raises KeyError for a language whose fillers are not listed."""
    filled = _FILLED_PAUSES[language]
    return sum(bool(filled.search(target)) for target in targets) / max(1, len(targets))
