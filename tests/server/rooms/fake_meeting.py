"""A meeting whose seats only note what is asked of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import anyio
from av import Packet

from server.rooms.roster import UnknownParticipant
from server.rooms.seat import Role, Wishes
from server.rooms.store import StoredRoom
from streaming.channel import Channel
from streaming.items import AudioChunk


class FakeSeat:
    def __init__(self, participant: str, wishes: Wishes, role: Role, resume: str) -> None:
        self.participant, self.wishes, self.role, self.resume = participant, wishes, role, resume
        self.packets: Channel[Packet] = Channel("mix", 25, "drop_oldest")
        self.messages: Channel[dict[str, Any]] = Channel("messages", 100, "wait")
        self.over = anyio.Event()
        self.heard_s, self.taken, self.fate = 0.0, list[dict[str, Any]](), ""

    def state(self) -> dict[str, Any]:
        return {"you": {"id": self.participant, "speaks": self.wishes.speaks}}

    async def hear(self, microphone: AsyncIterator[AudioChunk]) -> None:
        async for chunk in microphone:
            self.heard_s += len(chunk.samples) / 16_000

    def take(self, message: dict[str, Any]) -> None:
        self.taken.append(message)

    def leave(self) -> None:
        self.fate += "left "

    def lose(self) -> None:
        self.fate += "lost "


class FakeRooms:
    """One meeting, whatever the room."""

    def __init__(self) -> None:
        self.seats: list[FakeSeat] = []
        self.tokens: list[str] = []

    async def meeting(self, room: StoredRoom) -> FakeRooms:
        return self

    async def join(self, wishes: Wishes, role: Role, again: str | None = None) -> FakeSeat:
        return self._seat(again or f"p{len(self.seats) + 1}", wishes, role)

    async def resume(self, participant: str) -> FakeSeat:
        for seat in self.seats:
            if seat.participant == participant and seat.fate == "lost ":
                return self._seat(participant, seat.wishes, seat.role)
        raise UnknownParticipant("the seat is gone")

    def replay(self, seat: FakeSeat, seen: int) -> None:
        seat.messages.send_nowait({"caption": {"seq": seen + 1}})

    def _seat(self, participant: str, wishes: Wishes, role: Role) -> FakeSeat:
        self.seats.append(FakeSeat(participant, wishes, role, self.tokens.pop(0) if self.tokens else ""))
        return self.seats[-1]
