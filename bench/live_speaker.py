"""A live speaker: recorded samples come at the pace at which they were spoken, on the loop's clock, real or virtual."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator

import anyio

from streaming.audio import ASR_RATE_HZ
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import AudioChunk, Samples


async def speak(chunks: Iterable[Samples], audio: Channel[AudioChunk]) -> None:
    """From now on, to the end of the 16 kHz chunks and of the channel.

    As the clients do, but on the event loop: virtual time can't wait for a thread.
    """
    async for chunk in as_spoken(chunks, began_s=now()):
        await audio.send(chunk)
    audio.close()


async def as_spoken(chunks: Iterable[Samples], *, began_s: float, begin: int = 0) -> AsyncIterator[AudioChunk]:
    """Each 16 kHz chunk when its last sample has been spoken.

    `began_s`: when the stream began; `begin`: the first chunk's place in it, in samples.
    """
    for samples in chunks:
        end = begin + len(samples)
        await anyio.sleep_until(began_s + end / ASR_RATE_HZ)
        yield AudioChunk(samples, begin)
        begin = end


def pieces(samples: Samples, size: int) -> Iterator[Samples]:
    """All of them, `size` at a time; the last piece may be shorter."""
    return (samples[begin : begin + size] for begin in range(0, len(samples), size))
