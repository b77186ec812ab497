"""A soak of the real product, as short as one can be: a dozen seconds of speech."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.corpus import Clip
from bench.endless_clip import endless_clip
from bench.memory_samples import own_memory_mb, server_memory_mb
from bench.soak_command import Soak
from bench.systems.in_process import InProcess
from clients.file import FileSource
from server.load import Models

pytestmark = pytest.mark.e2e


@pytest.fixture
def soaked(english_talk: Path, tmp_path: Path) -> Clip:
    with FileSource(english_talk) as file:
        talk = Clip("talk", english_talk, "en", file.seconds)
    return endless_clip([talk], 12.0, tmp_path / "soak.flac")


def test_a_soak_in_virtual_time_gives_its_figures(loaded: Models, soaked: Clip) -> None:
    soak = Soak(None)
    soak.run(InProcess(loaded, "en", "pt", keep=False), soaked, own_memory_mb)
    result = soak.result()
    print(result)
    assert result["ended_by"] is None
    assert result["summary"]["clauses"] >= 2
    assert result["summary"]["seconds"] > 10
    assert {"whisper", "waitk-en-pt"} <= soak.models


def test_a_server_tells_its_memory(server_url: str) -> None:
    reading = server_memory_mb(server_url)
    assert reading is not None and 100 < reading < 10_000
