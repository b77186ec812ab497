"""A bounded channel between two stages that says what happens when it is full: a thin wrap of anyio's streams."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Generic, Literal, TypeVar

import anyio

T = TypeVar("T")
WhenFull = Literal["wait", "drop_oldest", "keep_latest"]


class Channel(Generic[T]):
    """One sender, one receiver.

    `wait` holds the sender back, `drop_oldest` makes room for the new item, `keep_latest` throws away all that waits;
    what is thrown away is counted in `dropped`.
    """

    def __init__(self, name: str, capacity: int, when_full: WhenFull) -> None:
        self.name = name
        self.dropped = 0
        self._when_full = when_full
        self._send, self._receive = anyio.create_memory_object_stream[T](capacity)

    def __len__(self) -> int:
        return self._receive.statistics().current_buffer_used

    async def send(self, item: T) -> None:
        """Raises anyio.BrokenResourceError when the receiver is gone, ClosedResourceError after `close`."""
        if self._when_full == "wait":
            await self._send.send(item)
            return
        self.send_nowait(item)

    def send_nowait(self, item: T) -> None:
        """As `send`, for callers that can't wait. Raises anyio.WouldBlock on a full `wait` channel."""
        if self._when_full != "wait":
            self._make_room()
        self._send.send_nowait(item)

    async def receive(self) -> T:
        """The next item. Raises anyio.EndOfStream when the sender has closed and all is taken."""
        return await self._receive.receive()

    def receive_nowait(self) -> T:
        """As `receive`. Raises anyio.WouldBlock when nothing waits."""
        return self._receive.receive_nowait()

    def close(self) -> None:
        """No more items: the receiver takes what waits and then ends."""
        self._send.close()

    def close_receiver(self) -> None:
        """The receiver leaves: what waits is dropped and the sender is told at its next `send`."""
        self._receive.close()

    async def __aiter__(self) -> AsyncIterator[T]:
        async for item in self._receive:
            yield item

    def _make_room(self) -> None:
        state = self._receive.statistics()
        if self._when_full == "keep_latest":
            too_many = state.current_buffer_used
        else:
            too_many = 1 if state.current_buffer_used >= state.max_buffer_size else 0
        for _ in range(too_many):
            self._receive.receive_nowait()
            self.dropped += 1
