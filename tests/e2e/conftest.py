"""What the end-to-end tests share: the loaded models, talks to translate, a running server, an ear."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import spoken
from faster_whisper import WhisperModel

from bench.systems.live_server import live_server
from server.load import Models, load_models
from server.models import ModelStore
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.items import Samples


@pytest.fixture(scope="session")
def loaded(models: ModelStore) -> Models:
    return load_models(models)


@pytest.fixture(scope="session")
def english_talk(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples = spoken.talk(loaded.voices, spoken.ENGLISH, "en", seed=1)
    return spoken.write_wav(tmp_path_factory.mktemp("talks") / "english.wav", samples)


@pytest.fixture(scope="session")
def portuguese_talk(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples = spoken.talk(loaded.voices, spoken.PORTUGUESE, "pt", seed=2)
    return spoken.write_wav(tmp_path_factory.mktemp("talks") / "portuguese.wav", samples)


@pytest.fixture(scope="session")
def half_english_talk(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples = spoken.talk(loaded.voices, spoken.ENGLISH[: spoken.HALF], "en", seed=1)
    return spoken.write_wav(tmp_path_factory.mktemp("talks") / "half-english.wav", samples)


@pytest.fixture(scope="session")
def half_portuguese_talk(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples = spoken.talk(loaded.voices, spoken.PORTUGUESE[: spoken.HALF], "pt", seed=2)
    return spoken.write_wav(tmp_path_factory.mktemp("talks") / "half-portuguese.wav", samples)


@pytest.fixture(scope="session")
def transcribe(models: ModelStore) -> Callable[[Samples, str], str]:
    """An ear: Whisper base, offline, beam 5, on 24 kHz speech; in lower case."""
    whisper = WhisperModel(str(models.whisper()), device="cpu", compute_type="int8", cpu_threads=2)

    def ear(samples: Samples, language: str) -> str:
        heard = resample(samples, SPEECH_RATE_HZ, ASR_RATE_HZ)
        segments, _ = whisper.transcribe(heard, language=language, beam_size=5, condition_on_previous_text=False)
        return " ".join(segment.text.strip() for segment in segments).lower()

    return ear


@pytest.fixture(scope="session")
def server_url(models: ModelStore) -> Iterator[str]:
    """`dragoman serve` as a user starts it, for one speaker at a time."""
    with live_server(max_speakers=1) as url:
        yield url
