"""Filler leak rate: the share of translated sentences in which a speaker's filled pause came through."""

from __future__ import annotations

import re
from collections.abc import Sequence

_FILLED_PAUSES = {
    # Not as a part of "uh-huh", which is an answer.
    "en": re.compile(r"(?<![\w-])(?:u+h+m?|u+m+|e+rm?|h+m+)(?!\w|-\w)", re.IGNORECASE),
    # "um" is the article (and counts: "um, dois") and "é" the verb: only the filler that is set off counts.
    "pt": re.compile(
        r"\b(?:u+h+|h+u*m+|hã+|ã+h?n?|ah[nm]|e+h+n?|éé+)\b|(?:^|[,…]|\.\.\.)\s*(?:é|um+)\s*(?:,|…|\.\.\.)(?!\s*dois\b)",
        re.IGNORECASE,
    ),
}


def filler_leak(targets: Sequence[str], language: str) -> float:
    """0 to 1; 0 for no sentences. Raises KeyError for a language whose fillers are not listed."""
    filled = _FILLED_PAUSES[language]
    return sum(bool(filled.search(target)) for target in targets) / max(1, len(targets))
