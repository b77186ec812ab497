"""Reads the audio of any file that PyAV (FFmpeg) understands as a stream of 16 kHz mono float32."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import av.container
import av.error
import numpy as np

from streaming.audio import ASR_RATE_HZ
from streaming.errors import BadInput
from streaming.items import Samples

_STEREO_GAIN = math.sqrt(0.5)
"""FFmpeg adds both channels at this weight each: once more, and the same sound in both keeps its level"""


def duration_s(path: Path) -> float | None:
    """What the container says, None where it does not. Raises BadInput when the file has no audio that can be read."""
    with _open(path) as container:
        return container.duration / av.time_base if container.duration else None


def read_audio(path: Path, rate_hz: int = ASR_RATE_HZ) -> Iterator[Samples]:
    """The first audio stream, decoded as it is consumed: memory does not grow with the file.

    A file that breaks off or is damaged in the middle gives what could be decoded. Raises BadInput when that is
    nothing.
    """
    samples = 0
    with _open(path) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate_hz)
        gain = np.float32(_STEREO_GAIN if container.streams.audio[0].channels == 2 else 1)
        for frame in _decoded(container):
            for part in resampler.resample(frame):
                samples += part.samples
                yield (gain * part.to_ndarray().reshape(-1)).astype(np.float32, copy=False)
    if samples == 0:
        raise BadInput(f"{path}: there is no sound in this file")


def _decoded(container: av.container.InputContainer) -> Iterator[av.AudioFrame | None]:
    """Every frame that decodes, then None, which flushes the resampler."""
    try:
        for packet in container.demux(audio=0):
            yield from _frames(packet)
    except av.error.FFmpegError:  # the file breaks off: what was decoded so far counts
        pass
    yield None


def _frames(packet: av.Packet) -> list[av.AudioFrame]:
    try:
        return cast("list[av.AudioFrame]", packet.decode())
    except av.error.InvalidDataError:  # a damaged packet: the next ones may be whole
        return []


def _open(path: Path) -> av.container.InputContainer:
    try:
        container = av.open(str(path))
    except FileNotFoundError as error:
        raise BadInput(f"{path}: there is no such file") from error
    except (OSError, av.error.FFmpegError) as error:
        raise BadInput(f"{path}: this is not a media file that can be read ({error.strerror})") from error
    if not container.streams.audio:
        container.close()
        raise BadInput(f"{path}: there is no audio in this file")
    return container
