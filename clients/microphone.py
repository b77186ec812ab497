"""The sound card through PortAudio: the microphone as an async source, the loudspeaker behind a cushion."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

from clients.cushion import Cushion
from clients.file import CHUNK_MS
from streaming.audio import ASR_RATE_HZ, SPEECH_RATE_HZ, StreamResampler
from streaming.channel import Channel
from streaming.errors import DragomanError
from streaming.items import Samples

WAITING_CHUNKS = 20
"""2 s of microphone: past that the network is gone and old speech is worth less than new"""


class NoSoundCard(DragomanError):
    """PortAudio, a microphone or a loudspeaker is missing."""

    code = "no_sound_card"


@contextmanager
def microphone() -> Iterator[Channel[Samples]]:
    """The default microphone in 16 kHz chunks of 100 ms; the oldest are dropped while nobody takes them.

    Raises NoSoundCard. To be used inside a running event loop.
    """
    sound = _sounddevice()
    rate_hz = _default_rate(sound, "input")
    heard: Channel[Samples] = Channel("microphone", WAITING_CHUNKS, "drop_oldest")
    resampler = StreamResampler(rate_hz, ASR_RATE_HZ)
    loop = asyncio.get_running_loop()

    def captured(block: Any, frames: int, time: Any, status: Any) -> None:
        samples = resampler.push(block[:, 0].copy())
        if len(samples) and not loop.is_closed():
            loop.call_soon_threadsafe(heard.send_nowait, samples)

    stream = _stream(sound, "InputStream", samplerate=rate_hz, blocksize=rate_hz * CHUNK_MS // 1000, callback=captured)
    with stream:
        yield heard


class Loudspeaker:
    """Plays 24 kHz speech as it comes."""

    def __init__(self, rate_hz: int) -> None:
        self._cushion = Cushion(rate_hz)
        self._resampler = StreamResampler(SPEECH_RATE_HZ, rate_hz)
        self._lock = threading.Lock()

    @property
    def remaining_s(self) -> float:
        """How long it still plays."""
        with self._lock:
            return self._cushion.remaining_s

    async def play(self, samples: Samples) -> None:
        """Returns at once; the sound card's thread takes the samples when they are due."""
        resampled = self._resampler.push(samples)
        with self._lock:
            self._cushion.push(resampled)

    def fill(self, block: Any, frames: int, time: Any, status: Any) -> None:
        """PortAudio's callback, in its own thread."""
        with self._lock:
            block[:, 0] = self._cushion.pull(frames)


@contextmanager
def loudspeaker() -> Iterator[Loudspeaker]:
    """The default loudspeaker. Raises NoSoundCard."""
    sound = _sounddevice()
    rate_hz = _default_rate(sound, "output")
    speaker = Loudspeaker(rate_hz)
    with _stream(sound, "OutputStream", samplerate=rate_hz, callback=speaker.fill):
        yield speaker


async def chunked(heard: Channel[Samples], chunk_ms: int = CHUNK_MS) -> AsyncIterator[Samples]:
    """Whole chunks, however the sound card cut them."""
    size = ASR_RATE_HZ * chunk_ms // 1000
    waiting = np.zeros(0, np.float32)
    async for samples in heard:
        waiting = np.concatenate([waiting, samples])
        while len(waiting) >= size:
            yield waiting[:size]
            waiting = waiting[size:]


def _sounddevice() -> Any:
    try:
        import sounddevice  # loads PortAudio, which a server or a container may lack
    except OSError as error:
        raise NoSoundCard(
            "PortAudio is not installed (Debian: apt install libportaudio2); use --in and --out"
        ) from error
    return sounddevice


def _default_rate(sound: Any, kind: str) -> int:
    try:
        return int(sound.query_devices(kind=kind)["default_samplerate"])
    except (ValueError, sound.PortAudioError) as error:
        name = "microphone" if kind == "input" else "loudspeaker"
        raise NoSoundCard(f"no {name} found; use --in and --out to work with files") from error


def _stream(sound: Any, kind: str, **options: Any) -> Any:
    try:
        return getattr(sound, kind)(channels=1, dtype="float32", **options)
    except sound.PortAudioError as error:
        raise NoSoundCard(f"the sound card does not open: {error}") from error
