"""A clause that the product loses or says twice shows in the bench's `spoken` figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import spoken

from bench.corpus import Clip
from bench.summary import clip_result, summary
from bench.systems.in_process import InProcess
from clients.file import FileSource
from server.load import Models
from streaming.engine import Model
from streaming.items import Samples
from streaming.local_engine import Execute, VirtualCores
from tts.synthesis import SynthesizeRequest

pytestmark = pytest.mark.e2e

_WORDS = 3
"""of a clause worth losing"""

Spoken = Callable[[Execute], dict[str, float]]


@pytest.fixture(scope="module")
def measure(loaded: Models, transcribe, tmp_path_factory: pytest.TempPathFactory) -> Spoken:
    """Runs one sentence through the product, with this to run its models; the figures of what was heard."""
    samples = spoken.talk(loaded.voices, spoken.ENGLISH[1:2], "en", seed=1, fluent=True)
    path = spoken.write_wav(tmp_path_factory.mktemp("bench") / "sentence.wav", samples)
    with FileSource(path) as file:
        clip = Clip("sentence", path, "en", file.seconds)

    def run(execute: Execute) -> dict[str, float]:
        recording = InProcess(loaded, "en", "pt", execute=execute).run(clip, lambda event: None)
        heard = transcribe(recording.speech, "pt")
        print(recording.target_text, heard, sep="\n")
        result = clip_result(recording, reference="", reference_from="", heard_text=heard)
        return summary([result], "pt")["spoken"]

    return run


@pytest.fixture(scope="module")
def clean(measure: Spoken) -> dict[str, float]:
    return measure(VirtualCores())


def test_a_lost_clause_deletes_its_words(measure: Spoken, clean: dict[str, float]) -> None:
    lost = measure(_Planted(np.zeros_like))
    assert lost["deletions"] >= clean["deletions"] + 0.2
    assert lost["insertions"] <= clean["insertions"] + 0.1


def test_a_clause_said_twice_inserts_its_words(measure: Spoken, clean: dict[str, float]) -> None:
    doubled = measure(_Planted(lambda voice: np.concatenate([voice, voice])))
    assert doubled["insertions"] >= clean["insertions"] + 0.2
    assert doubled["deletions"] <= clean["deletions"] + 0.1


class _Planted:
    """Virtual cores on which the voice of the first clause of several words comes out wrong."""

    def __init__(self, fault: Callable[[Samples], Samples]) -> None:
        self._cores = VirtualCores()
        self._fault = fault
        self._planted = False

    async def __call__(self, model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        results, seconds = await self._cores(model, batch)
        match batch:
            case [SynthesizeRequest(text=text)] if not self._planted and len(text.split()) >= _WORDS:
                self._planted = True
                return [self._fault(results[0])], seconds
        return results, seconds
