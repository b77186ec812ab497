"""What the end-to-end tests share: the loaded models, talks to translate, a running server, an ear."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
import spoken
from faster_whisper import WhisperModel

from server.load import Models, load_models
from server.models import ModelStore
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, resample
from streaming.items import Samples

_READY_WITHIN_S = 120.0


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
def transcribe(models: ModelStore) -> Callable[[Samples, str], str]:
    """An ear: Whisper base, offline, beam 5, on 24 kHz speech; in lower case."""
    whisper = WhisperModel(str(models.whisper()), device="cpu", compute_type="int8", cpu_threads=2)

    def ear(samples: Samples, language: str) -> str:
        heard = resample(samples, SPEECH_RATE_HZ, ASR_RATE_HZ)
        segments, _ = whisper.transcribe(heard, language=language, beam_size=5, condition_on_previous_text=False)
        return " ".join(segment.text.strip() for segment in segments).lower()

    return ear


@pytest.fixture(scope="session")
def server_url(models: ModelStore, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`dragoman serve` as a user starts it, on a port of its own."""
    port = _free_port()
    log = tmp_path_factory.mktemp("server") / "log.txt"
    command = [sys.executable, "-m", "server.cli", "serve", "--port", str(port), "--max-speakers", "1"]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, env=os.environ)
        try:
            _wait_until_ready(f"http://127.0.0.1:{port}", process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(url: str, process: subprocess.Popen, log: Path) -> None:
    give_up = time.monotonic() + _READY_WITHIN_S
    while time.monotonic() < give_up:
        if process.poll() is not None:
            break
        try:
            if httpx.get(f"{url}/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    pytest.fail(f"the server did not come up:\n{log.read_text()}")
