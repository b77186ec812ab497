"""One connection of a participant: a WebRTC peer on one side, the seat in the meeting on the other."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import anyio

from server.event_channel import EventChannel
from server.ice import IceServer
from server.microphone_input import MicrophoneInput
from server.peer import Peer
from server.rooms.packet_track import PacketTrack
from server.rooms.seat import Seat
from server.session import ClientGone
from streaming.channel import Channel
from streaming.clock import now
from streaming.errors import first_error
from streaming.items import AudioChunk

_MICROPHONE_CHUNKS = 100
"""Two seconds; when full the oldest go, so that a slow moment never becomes a lasting lag."""

_OPEN_S = 15.0
"""ICE, DTLS and SCTP take well under a second where they can succeed."""

_LINGER_S = 5.0
"""After the last message the browser closes first, so that it reads what is on its way."""


@dataclass(frozen=True, slots=True)
class Carries:
    """What goes over the connection. At least one does."""

    microphone: bool
    mix: bool
    messages: bool


class ParticipantSession:
    """Made for a seat that was taken; `answer` an offer, then `run` it."""

    def __init__(self, seat: Seat, carries: Carries, *, ice_servers: Sequence[IceServer], silent_peer_s: float) -> None:
        self.seat = seat
        self._microphone = MicrophoneInput() if carries.microphone else None
        self._events = EventChannel(self._take_message) if carries.messages else None
        self.peer = Peer(
            ice_servers,
            voice=PacketTrack(seat.packets) if carries.mix else None,
            microphone=self._microphone,
            events=self._events,
        )
        self._silent_peer_s = silent_peer_s
        self._leaves = False
        self._ended = anyio.Event()
        self._heard_at_s = now()

    async def answer(self, sdp: str) -> str:
        """Raises BadInput for an offer that can't be answered."""
        try:
            return await self.peer.answer(sdp)
        except BaseException:
            await self.peer.close()
            raise

    def leave(self) -> None:
        """The participant means to go: the seat is not kept."""
        self._leaves = True
        self._ended.set()

    async def run(self) -> None:
        """To the end of the connection. Raises ClientGone for one that is lost, and whatever else ended it.

        The seat is given back by who leaves, and kept for a while for who is lost.
        """
        try:
            await self._open()
            await self._carry()
            await self._say_last()
        finally:
            if not self.seat.over.is_set():
                self._give_back()
            await self.peer.close()

    def _give_back(self) -> None:
        if self._leaves:
            self.seat.leave()
        else:
            self.seat.lose()

    async def _open(self) -> None:
        with anyio.move_on_after(_OPEN_S) as patience:
            await (self._events.opened if self._events is not None else self.peer.connected).wait()
        if patience.cancelled_caught:
            raise ClientGone(f"the peer did not connect within {_OPEN_S:g} s")
        self._heard_at_s = now()

    async def _carry(self) -> None:
        """Until the participant leaves, or the meeting wants them out."""
        with first_error():
            async with anyio.create_task_group() as group:
                if self._microphone is not None:
                    group.start_soon(self._hear, self._microphone, name="microphone")
                group.start_soon(self._tell, name="messages")
                group.start_soon(self._watch, name="heartbeat")
                group.start_soon(self._follow_seat, name="seat")
                await self._ended.wait()
                group.cancel_scope.cancel()

    async def _hear(self, microphone: MicrophoneInput) -> None:
        audio: Channel[AudioChunk] = Channel("microphone", _MICROPHONE_CHUNKS, "drop_oldest")
        async with anyio.create_task_group() as group:
            group.start_soon(self._drain, microphone, audio, name="microphone drain")
            await self.seat.hear(aiter(audio))

    async def _drain(self, microphone: MicrophoneInput, audio: Channel[AudioChunk]) -> None:
        async for chunk in microphone.chunks():
            self._heard_at_s = now()
            audio.send_nowait(chunk)
        audio.close()

    async def _tell(self) -> None:
        """Without a channel nobody is told, but taken it must be: the meeting gives up a seat whose words pile up."""
        async for message in self.seat.messages:
            if self._events is not None:
                self._events.send(json.dumps(message))

    async def _watch(self) -> None:
        """Raises ClientGone. Who sends neither sound nor messages lives as long as ICE has its consent (RFC 7675)."""
        heard = self._microphone is not None or self._events is not None
        while not heard or now() - self._heard_at_s < self._silent_peer_s:
            with anyio.move_on_after(1.0):
                await self.peer.gone.wait()
                raise ClientGone("the peer closed its connection")
        raise ClientGone(f"nothing was heard of the peer for {self._silent_peer_s:g} s")

    async def _follow_seat(self) -> None:
        await self.seat.over.wait()
        self._ended.set()

    async def _say_last(self) -> None:
        """What the meeting had to say to who is out; the peer closes when it has read it."""
        if self._events is None or not self.seat.over.is_set():
            return
        while len(self.seat.messages):
            self._events.send(json.dumps(self.seat.messages.receive_nowait()))
        with anyio.move_on_after(_LINGER_S):
            await self.peer.gone.wait()

    def _take_message(self, text: str | bytes) -> None:
        """From the data channel; a ping says no more than that the peer is there."""
        self._heard_at_s = now()
        try:
            message = json.loads(text)
        except (ValueError, RecursionError):
            return
        if not isinstance(message, dict) or "ping" in message:
            return
        if "leave" in message:
            self.leave()
        else:
            self.seat.take(message)
