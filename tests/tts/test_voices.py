from collections.abc import Sequence

import numpy as np
import pytest

from streaming.audio import SPEECH_RATE_HZ
from streaming.errors import UnsupportedLanguage
from streaming.items import Samples
from tts.espeak import Espeak
from tts.synthesis import SynthesizeRequest
from tts.voices import Voices


class Silent:
    max_batch = 1
    threads = 1

    def __init__(self, name: str) -> None:
        self.name = name

    def run(self, batch: Sequence[SynthesizeRequest]) -> list[Samples]:
        return [np.zeros(1, np.float32) for _ in batch]


def test_an_added_piper_voice_speaks_its_language_and_gender() -> None:
    voices = Voices(Espeak(), pipers={("fr", "male"): Silent("tom"), ("fr", "female"): Silent("siwis")})
    assert voices.choose("fr-CA", "male").name == "tom"
    assert voices.choose("fr-CA", "female").name == "siwis"


def test_without_a_gender_any_piper_voice_of_the_language_will_do() -> None:
    voices = Voices(Espeak(), pipers={("fr", "male"): Silent("tom"), ("de", "female"): Silent("eva")})
    assert voices.choose("fr").name == "tom"
    assert voices.choose("de").name == "eva"


def test_a_piper_voice_of_the_other_gender_does_not_stand_in() -> None:
    voices = Voices(Espeak(), pipers={("fr", "male"): Silent("tom")})
    assert voices.choose("fr", "female").name == "fr+f3"


def test_espeak_speaks_a_language_without_another_voice() -> None:
    voice = Voices(Espeak()).choose("fr-CA", "female")
    samples = voice.model.run([voice.request("Bonjour tout le monde.", "fr-CA", tempo=1.0, sentence_end=True)])[0]
    assert 0.5 < len(samples) / SPEECH_RATE_HZ < 4


def test_espeak_is_the_fallback_where_kokoro_is_absent() -> None:
    assert Voices(Espeak()).choose("pt", "male").name == "pt-br+m3"


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnsupportedLanguage):
        Voices(Espeak()).choose("xx")


def test_variants_are_other_voices_and_come_round() -> None:
    voices = Voices(Espeak(), pipers={("fr", "male"): Silent("tom"), ("fr", "female"): Silent("siwis")})
    assert [voices.choose("fr", variant=number).name for number in range(3)] == ["siwis", "tom", "siwis"]
    assert [voices.choose("fr", "male", number).name for number in range(2)] == ["tom", "tom"]


def test_variants_without_a_gender_are_by_turns_a_womans_and_a_mans() -> None:
    voices = Voices(Espeak())
    assert [voices.choose("fr", variant=number).name for number in range(4)] == ["fr+f3", "fr+m3", "fr+f2", "fr+m7"]


def test_a_piper_voice_that_speaks_for_both_is_one_voice() -> None:
    tom = Silent("tom")
    voices = Voices(Espeak(), pipers={("fr", "male"): tom, ("fr", "female"): tom})
    assert voices.choose("fr", variant=1).name == "tom"
