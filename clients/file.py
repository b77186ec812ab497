"""An audio file as a microphone: 16 kHz mono in chunks, at the pace of real time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from types import TracebackType

import anyio
import numpy as np
import soundfile
from anyio import to_thread

from streaming.audio import ASR_RATE_HZ, StreamResampler
from streaming.clock import now
from streaming.errors import BadInput
from streaming.items import Samples

CHUNK_MS = 100
"""the voice interface recommends 50 to 250 ms"""


class FileSource:
    """A WAV, FLAC, Ogg or MP3 file of any rate and number of channels."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput for what is not there, not audio, or holds no sound."""
        self.path = path
        self._sound = _open(path)
        if self._sound.frames == 0:
            self._sound.close()
            raise BadInput(f"{path} holds no audio")

    def __enter__(self) -> FileSource:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._sound.close()

    @property
    def seconds(self) -> float:
        return self._sound.frames / self._sound.samplerate

    def chunks(self, chunk_ms: int = CHUNK_MS) -> Iterator[Samples]:
        """Chunks of exactly `chunk_ms` at 16 kHz, the last one shorter. Blocks on the disk.

        Raises BadInput where the file turns out to be damaged.
        """
        size = ASR_RATE_HZ * chunk_ms // 1000
        waiting = np.zeros(0, np.float32)
        for samples in self._resampled():
            waiting = np.concatenate([waiting, samples])
            while len(waiting) >= size:
                yield waiting[:size]
                waiting = waiting[size:]
        if len(waiting):
            yield waiting

    def _resampled(self) -> Iterator[Samples]:
        rate = self._sound.samplerate
        resampler = StreamResampler(rate, ASR_RATE_HZ)
        self._sound.seek(0)
        while True:
            block = self._read(rate // 10)
            if not len(block):
                break
            yield resampler.push(block.mean(axis=1))
        yield resampler.flush()

    def _read(self, frames: int) -> Samples:
        try:
            return self._sound.read(frames, dtype="float32", always_2d=True)
        except soundfile.LibsndfileError as error:
            at_s = self._sound.tell() / self._sound.samplerate
            raise BadInput(f"{self.path} is damaged at {at_s:.1f} s: {error.error_string}") from error


async def in_real_time(chunks: Iterator[Samples]) -> AsyncIterator[Samples]:
    """Each 16 kHz chunk at the moment a microphone would have finished it; the first chunk's start is the call."""
    due_s = now()
    while (chunk := await to_thread.run_sync(partial(next, chunks, None))) is not None:
        due_s += len(chunk) / ASR_RATE_HZ
        await anyio.sleep_until(due_s)
        yield chunk


def _open(path: Path) -> soundfile.SoundFile:
    if not path.is_file():
        raise BadInput(f"{path} is not a file" if path.exists() else f"{path} does not exist")
    try:
        return soundfile.SoundFile(path)
    except (soundfile.LibsndfileError, OSError) as error:
        raise BadInput(f"{path} can't be read as audio (WAV, FLAC, Ogg and MP3 can)") from error
