"""The mixes of a room: every 20 ms each is mixed and encoded once, and goes to all who hear it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

import anyio
import anyio.to_thread
from av import Packet

from server.rooms.mix import Mix
from server.rooms.opus_encoder import PACKET, RTP_RATE_HZ, SILENCE, OpusEncoder, silent_packet
from server.rooms.roster import MixKey
from server.voice_track import FrameBuffer
from streaming.audio import FRAME_MS
from streaming.channel import Channel
from streaming.clock import now
from streaming.items import Samples

_LATE_S = 0.2
"""A loop this late gives up on the missed frames' times and goes on from now, instead of sending a burst."""

_TAIL_FRAMES = 25
"""Half a second of encoded silence after sound, in which codec and ducking come to rest; then all get one packet."""

Packets = Channel[Packet]


@dataclass(slots=True)
class _Line:
    """One mix and those who hear it."""

    mix: Mix
    encoder: OpusEncoder
    listeners: set[Packets] = field(default_factory=set)
    quiet_frames: int = _TAIL_FRAMES
    resting: bool = True


class MixDesk:
    """All of a room's sound goes through here. The buffers are filled by its speakers."""

    def __init__(self) -> None:
        self._originals: dict[str, FrameBuffer] = {}
        self._voices: dict[tuple[str, int, str], FrameBuffer] = {}
        self._aims: dict[str, frozenset[str]] = {}
        self._lines: dict[MixKey, _Line] = {}
        self._heard_by_any = anyio.Event()
        self._silence = silent_packet()
        self._position = 0

    def aim(self, speaker: str, languages: Iterable[str]) -> None:
        """These are spoken and no others: who hears another language gets the speaker's own voice."""
        self._aims[speaker] = frozenset(languages)

    def hear(self, speaker: str, frame: Samples) -> None:
        """20 ms of the speaker's own voice."""
        self._originals.setdefault(speaker, FrameBuffer()).push(frame)

    def say(self, speaker: str, stretch: int, language: str, frame: Samples) -> None:
        """20 ms of the voice of their translation. A stretch of speech may still be played when the next one begins."""
        self._voices.setdefault((speaker, stretch, language), FrameBuffer()).push(frame)

    def end(self, speaker: str, stretch: int) -> None:
        """All of the stretch is played."""
        for key in [key for key in self._voices if key[:2] == (speaker, stretch)]:
            del self._voices[key]

    def hush(self, speaker: str) -> None:
        """Their own voice comes no more."""
        self._originals.pop(speaker, None)

    def remove(self, speaker: str) -> None:
        """Nothing of theirs comes any more."""
        self.hush(speaker)
        self._aims.pop(speaker, None)

    def listen(self, packets: Packets, key: MixKey) -> None:
        """The packets are those of this mix from now on."""
        line = self._lines.get(key)
        if line is not None and packets in line.listeners:
            return
        self.leave(packets)
        if line is None:
            line = self._lines[key] = _Line(Mix(key), OpusEncoder())
        line.listeners.add(packets)
        self._heard_by_any.set()

    def leave(self, packets: Packets) -> None:
        for key, line in list(self._lines.items()):
            line.listeners.discard(packets)
            if not line.listeners:
                del self._lines[key]

    async def run(self) -> None:
        """Until cancelled."""
        due = now()
        while True:
            if not self._lines:
                self._heard_by_any = anyio.Event()
                await self._heard_by_any.wait()
                due = now()
            await self._tick()
            due += FRAME_MS / 1000
            if now() - due > _LATE_S:
                due = now()
            await anyio.sleep_until(due)

    async def _tick(self) -> None:
        originals = {speaker: buffer.pull() for speaker, buffer in self._originals.items()}
        voices = self._pull_voices()
        lines = list(self._lines.values())
        sounds = any(frame.any() for frame in (*originals.values(), *voices.values()))
        if sounds or not all(line.resting for line in lines):
            encoded = await anyio.to_thread.run_sync(_mixed, lines, originals, voices, self._silence)
        else:
            encoded = [self._silence] * len(lines)
        for line, data in zip(lines, encoded, strict=True):
            packet = self._packet(data)
            for packets in line.listeners:
                packets.send_nowait(packet)
        self._position += PACKET

    def _pull_voices(self) -> dict[tuple[str, str], Samples]:
        """By speaker and language: all that are aimed at, silent ones too."""
        voices = {(speaker, language): SILENCE for speaker, aims in self._aims.items() for language in aims}
        for (speaker, _, language), buffer in self._voices.items():
            frame = buffer.pull()
            if (speaker, language) in voices:
                voices[speaker, language] = voices[speaker, language] + frame
        return voices

    def _packet(self, data: bytes) -> Packet:
        """All mixes share the time line, so that one can follow another."""
        packet = Packet(data)
        packet.time_base = Fraction(1, RTP_RATE_HZ)
        packet.pts = packet.dts = self._position
        return packet


def _mixed(
    lines: list[_Line], originals: dict[str, Samples], voices: dict[tuple[str, str], Samples], silence: bytes
) -> list[bytes]:
    return [_encoded(line, line.mix.mix(originals, voices), silence) for line in lines]


def _encoded(line: _Line, samples: Samples, silence: bytes) -> bytes:
    line.quiet_frames = 0 if samples.any() else line.quiet_frames + 1
    line.resting = line.quiet_frames >= _TAIL_FRAMES
    return silence if line.resting else line.encoder.encode(samples if samples.any() else SILENCE)
