"""What XTTS is asked for, with a network that answers with a tone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from streaming.audio import SPEECH_RATE_HZ
from streaming.errors import BadInput, ModelMissing, UnsupportedLanguage
from tts.espeak import Espeak
from tts.synthesis import SynthesizeRequest
from tts.voices import Voices
from tts.xtts import FEMALE, MALE, XttsModel, load_xtts

VOICES = {name: {"gpt_cond_latent": name, "speaker_embedding": name} for name in (FEMALE, MALE)}


class Tone:
    def __init__(self) -> None:
        self.asked: list[tuple[Any, ...]] = []

    def inference(
        self, text: str, language: str, gpt_cond_latent: Any, speaker_embedding: Any, *, speed: float
    ) -> dict[str, Any]:
        self.asked.append((text, language, gpt_cond_latent, speed))
        return {"wav": 0.3 * np.sin(np.arange(24_000) * 0.05)}


def ask(model: XttsModel, text: str, language: str = "pt-BR", voice: str = FEMALE) -> np.ndarray:
    return model.run([SynthesizeRequest(text, language, voice, tempo=1.15)])[0]


def test_the_text_is_spoken_by_the_voice_at_the_tempo() -> None:
    tone = Tone()
    samples = ask(XttsModel(tone, VOICES), "Bom dia a todos")
    assert tone.asked == [("Bom dia a todos.", "pt", FEMALE, 1.15)]
    assert samples.dtype == np.float32 and 0.5 * SPEECH_RATE_HZ < len(samples) <= 1.1 * SPEECH_RATE_HZ


def test_what_cannot_be_said_is_not_asked_for() -> None:
    tone = Tone()
    assert len(ask(XttsModel(tone, VOICES), "...")) == 0 and not tone.asked


def test_unknown_voices_and_languages_are_refused() -> None:
    model = XttsModel(Tone(), VOICES)
    with pytest.raises(BadInput, match="robot"):
        ask(model, "Olá", voice="robot")
    with pytest.raises(UnsupportedLanguage):
        ask(model, "Hei", language="fi")


def test_where_it_is_loaded_it_speaks_the_languages_that_it_knows() -> None:
    model = XttsModel(Tone(), VOICES)
    voices = Voices(Espeak(), xtts=model)
    assert (voices.choose("zh-CN", "male").model, voices.choose("zh-CN", "male").name) == (model, MALE)
    assert voices.choose("fi").model is not model


def test_a_folder_without_the_weights_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match=r"config\.json"):
        load_xtts(tmp_path)
