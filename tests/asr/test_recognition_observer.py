"""What the stage tells its observer: words that the guard took out, and changes of language, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from asr.language_identification import LanguageLock
from asr.recognition import Recognition, RecognizeRequest
from tests.asr.sounds import chunks, silence
from tests.asr.spoken_numbers import NumberModel, SlowEngine, speak
from tests.asr.test_recognition_stage import PAUSED, recognize


class Observer:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.dropped: Counter[str] = Counter()
        self.switches: list[tuple[str, str]] = []

    def observe_dropped_words(self, reason: str, count: int) -> None:
        self.dropped[reason] += count

    def observe_language_switch(self, before: str, after: str) -> None:
        self.switches.append((before, after))


class Inventive(NumberModel):
    """Sure that nobody speaks, and unsure of what it writes."""

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        return [replace(one, no_speech_probability=0.9, average_log_probability=-2.0) for one in super().run(batch)]


class Bilingual(NumberModel):
    """Hears small numbers as English and large ones as Portuguese."""

    def run(self, batch: Sequence[RecognizeRequest]) -> list[Recognition]:
        return [
            replace(one, languages=self._heard(one) if request.identify else ())
            for one, request in zip(super().run(batch), batch, strict=True)
        ]

    def _heard(self, recognition: Recognition) -> tuple[tuple[str, float], ...]:
        portuguese = 0.999 if max(recognition.tokens, default=0) >= 20 else 0.001
        return ("en", 1 - portuguese), ("pt", portuguese)


def test_words_that_the_guard_takes_out_are_told_as_often_as_it_counts_them() -> None:
    observer = Observer()
    run = recognize(chunks(PAUSED), engine=SlowEngine(0.2), model=Inventive(), observer=observer)
    assert run.words == []
    assert observer.dropped == run.stage.guard.dropped
    assert observer.dropped["no speech"] > 0


def test_clean_speech_in_one_declared_language_has_nothing_to_tell() -> None:
    observer = Observer()
    recognize(chunks(PAUSED), engine=SlowEngine(0.2), observer=observer)
    assert not observer.dropped
    assert observer.switches == []


def test_the_first_language_found_is_no_switch_and_each_change_after_it_is_one() -> None:
    observer = Observer()
    english, portuguese, pause = speak(range(12)), speak(range(20, 32)), silence(1.5)
    talk = np.concatenate((pause, english, pause, english, pause, portuguese, pause, portuguese, pause))
    lock = LanguageLock(["en", "pt"])
    recognize(chunks(talk), engine=SlowEngine(0.1), model=Bilingual(), language=lock, observer=observer)
    assert observer.switches == [("en", "pt")]
