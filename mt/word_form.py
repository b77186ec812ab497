"""One inflected form of a word, and which one it is: what two languages' forms are matched by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Feature = Literal["base", "plural", "third", "past", "participle", "gerund", "other"]
"""third: third person singular of the present; other: forms that English has no own form for"""


@dataclass(frozen=True, slots=True)
class Form:
    """Lower case."""

    feature: Feature
    text: str
