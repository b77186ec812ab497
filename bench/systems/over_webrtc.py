"""A live server over WebRTC, as the page uses it, in real time.

The server says over the data channel when a clause begins to play, but its voice is heard later, by the track's buffer,
the codec and the way here. This media delay is measured, once a clip, where it can be: at the clauses before which the
received audio was silent. It is in a clause's `at_s`, thus in `at_s - source_end_s`, and not in `told_span_s`.
"""

from __future__ import annotations

import asyncio
import json
import statistics
from collections.abc import Iterator

import httpx
import numpy as np

from bench.corpus import Clip
from bench.recording import Recording, Told
from bench.systems.server_compute import compute_seconds, compute_since
from bench.systems.server_messages import ServerMessages
from clients.voice_client import Unreachable
from clients.webrtc import Heard, talk
from streaming import wire
from streaming.audio import FRAME_MS, SPEECH_FRAME, SPEECH_RATE_HZ
from streaming.errors import first_error
from streaming.items import Samples

_SILENCE_S = 0.3
"""before a clause whose onset tells the media delay"""
_SILENT_RMS = 1e-3
"""-60 dB of full scale: the track sends digital silence, of which Opus leaves less"""
_DELAY_MAX_S = 2.0
"""what begins later is not the clause that was announced"""
_FRAME_S = FRAME_MS / 1000


class OverWebRtc:
    """Each clip is a session of its own."""

    name = "live server, WebRTC"

    def __init__(self, server_url: str, source: str, target: str, *, key: str | None = None) -> None:
        """`source` and `target` are language tags; `key` is the server's API key, where it asks for one."""
        self._server = server_url
        self._key = key
        self._source = source
        self._target = target

    def run(self, clip: Clip, told: Told) -> Recording:
        """`told` is called when the clip is over, in the order of time: the media delay is known only then.

        Raises Unreachable, SessionRefused, ConnectionLost; BadInput for the file.
        """
        before = compute_seconds(self._server)
        recording = asyncio.run(self.listen(clip, told))
        recording.compute_s = compute_since(self._server, before)
        return recording

    async def listen(self, clip: Clip, told: Told) -> Recording:
        """The clip without the server's compute, which it shares with other sessions. Raises as `run`."""
        try:
            with first_error():
                heard = await talk(
                    self._server,
                    clip.path,
                    key=self._key,
                    source_language=self._source,
                    target_language=self._target,
                )
        except httpx.HTTPError as error:
            raise Unreachable(f"{self._server} does not answer: {error}") from error
        return as_recording(Recording(clip, clip.seconds), heard, told)


def as_recording(recording: Recording, heard: Heard, told: Told) -> Recording:
    """`recording` with what was heard: its events, told of in the order of time, and its speech."""
    messages = list(_messages(heard))
    speech = np.concatenate([np.zeros(round(heard.begins_s * SPEECH_RATE_HZ), np.float32), heard.samples])
    announced = [at_s for at_s, message in messages if isinstance(message, wire.EarVoiceSpan)]
    delay_s = media_delay_s(speech, announced)
    events = ServerMessages(recording, told)
    for at_s, message in sorted(_delayed(messages, delay_s), key=lambda timed: timed[0]):
        if isinstance(message, wire.EarVoiceSpan):
            events.hear(message, at_s)
        else:
            events.push(message, at_s)
    recording.speech = speech
    return recording


def media_delay_s(speech: Samples, announced_s: list[float]) -> float:
    """How long after its announcement a clause is heard: the median over the clauses that follow silence, 0 if none do.

    `speech`: mono at 24 kHz, on the clock of `announced_s`. A clause's onset is its first 20 ms that are not silent.
    """
    whole = len(speech) // SPEECH_FRAME
    power = np.mean(np.square(speech[: whole * SPEECH_FRAME].reshape(whole, SPEECH_FRAME)), axis=1)
    sounding = np.flatnonzero(power > _SILENT_RMS**2)
    delays_s = [delay for at_s in announced_s if (delay := _delay_s(sounding, at_s)) is not None]
    return statistics.median(delays_s) if delays_s else 0.0


def _delay_s(sounding: np.ndarray, announced_s: float) -> float | None:
    """`sounding`: indices of the frames with sound, rising. None where the clause doesn't tell."""
    first = int(np.searchsorted(sounding, round(announced_s / _FRAME_S)))
    if first == len(sounding):
        return None
    delay_s = max(0.0, float(sounding[first]) * _FRAME_S - announced_s)
    silent_s = np.inf if first == 0 else float(sounding[first] - sounding[first - 1] - 1) * _FRAME_S
    return delay_s if silent_s >= _SILENCE_S and delay_s <= _DELAY_MAX_S else None


def _delayed(messages: list[tuple[float, wire.Message]], delay_s: float) -> Iterator[tuple[float, wire.Message]]:
    for at_s, message in messages:
        yield (at_s + delay_s if isinstance(message, wire.EarVoiceSpan) else at_s), message


def _messages(heard: Heard) -> Iterator[tuple[float, wire.Message]]:
    """Those of the voice interface; a server newer than this client may say more."""
    known = set(wire.NAMES.values())
    for at_s, message in heard.messages:
        if known.issuperset(message):
            yield at_s, wire.decode(json.dumps(message), "json")
