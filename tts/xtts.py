"""XTTS-v2 (Casanova et al. 2024) through Coqui's maintained fork: natural voices in 17 languages, for a GPU.

Behind the extra `xtts`, with weights that are fetched by hand and not for commercial use (Coqui Public Model License).
Not measured: no GPU was at hand, and a CPU takes several times as long as the speech lasts. Only the logic is tested.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from streaming.audio import SPEECH_RATE_HZ, resample
from streaming.errors import BadInput, ModelMissing, UnsupportedLanguage
from streaming.items import Samples
from streaming.language import primary
from tts.mastering import master
from tts.synthesis import SynthesizeRequest, spoken_text

_CODES = "en es fr de it pt pl tr ru nl cs ar ja hu ko hi"
LANGUAGES: Mapping[str, str] = {code: code for code in _CODES.split()} | {"zh": "zh-cn"}
"""by primary language, the model's own codes"""
FEMALE, MALE = "Ana Florence", "Andrew Chipper"
"""two of the voices that come with the weights"""
_RATE_HZ = 24_000
_FILES = ("config.json", "model.pth", "vocab.json", "speakers_xtts.pth")


class Network(Protocol):
    """What is called of `TTS.tts.models.xtts.Xtts`."""

    def inference(
        self, text: str, language: str, gpt_cond_latent: Any, speaker_embedding: Any, *, speed: float
    ) -> Mapping[str, Any]:
        """The speech under `wav`, float samples at 24 kHz."""


class XttsModel:
    """Each voice is a pair of tensors that the network is told to sound like."""

    name = "xtts-v2"
    max_batch = 1
    threads = 1
    """of the CPU: the network is on the GPU"""

    def __init__(self, network: Network, voices: Mapping[str, Mapping[str, Any]]) -> None:
        """`voices` by name: `gpt_cond_latent` and `speaker_embedding`."""
        self._network = network
        self._voices = voices

    @property
    def voices(self) -> frozenset[str]:
        return frozenset(self._voices)

    def run(self, batch: Sequence[SynthesizeRequest]) -> list[Samples]:
        """Raises BadInput for a voice, UnsupportedLanguage for a language that the model hasn't got."""
        return [self._speak(request) for request in batch]

    def _speak(self, request: SynthesizeRequest) -> Samples:
        if request.voice not in self._voices:
            raise BadInput(f"XTTS has no voice {request.voice!r}")
        language = LANGUAGES.get(primary(request.language))
        if language is None:
            raise UnsupportedLanguage(f"XTTS does not speak {request.language!r}")
        text = spoken_text(request)
        if not text:
            return np.zeros(0, np.float32)
        voice = self._voices[request.voice]
        made = self._network.inference(
            text, language, voice["gpt_cond_latent"], voice["speaker_embedding"], speed=request.tempo
        )
        samples = np.asarray(made["wav"], np.float32).reshape(-1)
        return master(resample(samples, _RATE_HZ, SPEECH_RATE_HZ))


def load_xtts(folder: Path) -> XttsModel:
    """The model in `folder`, on the GPU. Raises ModelMissing where a file, the extra `xtts` or a GPU is missing."""
    for name in _FILES:
        if not (folder / name).is_file():
            raise ModelMissing(f"XTTS: {folder / name} is not there")
    try:
        import torch
        from TTS.tts.configs.xtts_config import XttsConfig
        from TTS.tts.models.xtts import Xtts
    except ImportError as error:
        raise ModelMissing(f"XTTS needs the extra: pip install 'dragoman[xtts]' ({error})") from error
    if not torch.cuda.is_available():
        raise ModelMissing("XTTS needs a GPU: on a CPU it speaks far slower than people do")
    config = XttsConfig()
    config.load_json(str(folder / "config.json"))
    network = Xtts.init_from_config(config)
    network.load_checkpoint(config, checkpoint_dir=str(folder), eval=True)
    network.cuda()
    return XttsModel(network, network.speaker_manager.speakers)
