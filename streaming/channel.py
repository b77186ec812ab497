"""A bounded channel between two stages that says what happens when it is full."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Generic, Literal, TypeVar

import anyio

T = TypeVar("T")
WhenFull = Literal["wait", "drop_oldest", "keep_latest"]


class Channel(Generic[T]):
    """One receiver; who sends at the same time as another may be overtaken by them.

    `wait` holds the sender back, `drop_oldest` makes room for the new item, `keep_latest` throws away all that waits;
    what is thrown away is counted in `dropped`. It raises what anyio's memory streams raise, at a quarter of their
    cost: a meeting takes fifty packets a second and listener out of one.
    """

    def __init__(self, name: str, capacity: int, when_full: WhenFull) -> None:
        """`capacity`: at least 1."""
        assert capacity > 0
        self.name = name
        self.dropped = 0
        self._capacity = capacity
        self._when_full = when_full
        self._items: deque[T] = deque()
        self._closed = False
        self._abandoned = False
        self._waiting: list[asyncio.Future[None]] = []
        """the receiver for an item, or senders for room"""

    def __len__(self) -> int:
        return len(self._items)

    async def send(self, item: T) -> None:
        """Raises anyio.BrokenResourceError when the receiver is gone, ClosedResourceError after `close`."""
        while self._when_full == "wait" and len(self._items) >= self._capacity and not self._abandoned:
            await self._wait()
        self.send_nowait(item)

    def send_nowait(self, item: T) -> None:
        """As `send`, for callers that can't wait. Raises anyio.WouldBlock on a full `wait` channel."""
        if self._closed:
            raise anyio.ClosedResourceError
        if self._abandoned:
            raise anyio.BrokenResourceError
        self._make_room()
        self._items.append(item)
        self._wake()

    async def receive(self) -> T:
        """The next item. Raises anyio.EndOfStream when the sender has closed and all is taken."""
        if self._items:
            await asyncio.sleep(0)  # who always finds an item must let others run too
        while not (self._items or self._closed or self._abandoned):
            await self._wait()
        if self._closed and not self._items:
            raise anyio.EndOfStream
        return self.receive_nowait()

    def receive_nowait(self) -> T:
        """As `receive`. Raises anyio.WouldBlock when nothing waits."""
        if self._abandoned:
            raise anyio.ClosedResourceError
        if not self._items:
            raise anyio.EndOfStream if self._closed else anyio.WouldBlock
        item = self._items.popleft()
        self._wake()
        return item

    def close(self) -> None:
        """No more items: the receiver takes what waits and then ends."""
        self._closed = True
        self._wake()

    def close_receiver(self) -> None:
        """The receiver leaves: what waits is dropped and the sender is told at its next `send`."""
        self._abandoned = True
        self._items.clear()
        self._wake()

    async def __aiter__(self) -> AsyncIterator[T]:
        while True:
            try:
                item = await self.receive()
            except anyio.EndOfStream:
                return
            yield item

    def _make_room(self) -> None:
        if self._when_full == "keep_latest":
            self.dropped += len(self._items)
            self._items.clear()
        elif len(self._items) >= self._capacity:
            if self._when_full == "wait":
                raise anyio.WouldBlock
            self._items.popleft()
            self.dropped += 1

    async def _wait(self) -> None:
        """Until something has changed."""
        changed = asyncio.get_running_loop().create_future()
        self._waiting.append(changed)
        try:
            await changed
        finally:
            self._waiting.remove(changed)

    def _wake(self) -> None:
        for changed in self._waiting:
            if not changed.done():
                changed.set_result(None)
