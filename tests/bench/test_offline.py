"""The offline cascade translates whole sentences."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from bench.listening import Ear
from bench.offline import OfflineCascade
from mt.translator import TranslateRequest
from server.load import Models


class Bracketing:
    """Puts what it is given as one sentence into brackets."""

    def run(self, batch: list[TranslateRequest]) -> list[Any]:
        return [SimpleNamespace(words=(f"[{request.source}]",)) for request in batch]


@pytest.mark.parametrize(
    ("text", "translated"),
    [
        ("Good day. Sit down! Now? Well…", "[Good day.] [Sit down!] [Now?] [Well…]"),
        ("It costs 4.8 million. Or 3.500.", "[It costs 4.8 million.] [Or 3.500.]"),
        ("In 2024. 15 came...", "[In 2024.] [15 came...]"),
        ("no full stop", "[no full stop]"),
        ("", ""),
    ],
)
def test_sentences_are_translated_one_by_one_and_numbers_stay_whole(text: str, translated: str) -> None:
    models = cast(Models, SimpleNamespace(translator=lambda source, target: Bracketing()))
    assert OfflineCascade(models, cast(Ear, None), "en", "pt").translate(text) == translated
