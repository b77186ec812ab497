"""Hours of speech out of a corpus: its clips in ever new order, with a speaker's pauses between them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import soundfile

from bench.corpus import Clip
from clients.file import FileSource
from streaming.audio import ASR_RATE_HZ
from streaming.items import Samples

_PAUSE_S = (0.4, 1.6)
"""between two clips, drawn from this range: from a breath to a new thought"""


def endless_clip(clips: Sequence[Clip], seconds: float, path: Path, *, seed: int = 0) -> Clip:
    """Exactly that much speech, the last clip cut off, as a 16 kHz FLAC file. It is never in memory as a whole.

    Raises BadInput for a clip that is damaged.
    """
    total = round(seconds * ASR_RATE_HZ)
    written = 0
    with soundfile.SoundFile(path, "w", ASR_RATE_HZ, 1, "PCM_16") as file:
        for samples in _samples(clips, np.random.default_rng(seed)):
            file.write(samples[: total - written])
            written += len(samples)
            if written >= total:
                break
    return Clip(path.stem, path, clips[0].language, total / ASR_RATE_HZ)


def _samples(clips: Sequence[Clip], rng: np.random.Generator) -> Iterator[Samples]:
    """Without end. Every clip is said once before any is said again."""
    while True:
        for index in rng.permutation(len(clips)):
            with FileSource(clips[index].path) as source:
                yield from source.chunks()
            yield np.zeros(round(rng.uniform(*_PAUSE_S) * ASR_RATE_HZ), np.float32)
