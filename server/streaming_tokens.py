"""One-time streaming tokens: they open the WebSocket of a session that was asked for, once and soon."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from dataclasses import dataclass
from typing import Generic, TypeVar

from streaming.errors import Unauthorized

TOKEN_LIFE_S = 60.0
"""Time enough for a slow client to open its WebSocket."""

_MAX_WAITING = 1000
"""Asked for and never opened; the oldest goes first, so a flood of requests can't fill the memory."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[T]):
    session: T
    expires_s: float


class StreamingTokens(Generic[T]):
    """What waits for its WebSocket, by token. Times are seconds of the clock."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, _Waiting[T]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def issue(self, session: T, now: float) -> str:
        """A new token, 256 bits of chance, that leads to `session`."""
        self._forget_expired(now)
        while len(self._waiting) >= _MAX_WAITING:
            self._waiting.popitem(last=False)
        token = secrets.token_urlsafe(32)
        self._waiting[token] = _Waiting(session, now + TOKEN_LIFE_S)
        return token

    def take(self, token: str | None, now: float) -> T:
        """What the token leads to; it serves once. Raises Unauthorized for one that is unknown, used or expired."""
        self._forget_expired(now)
        waiting = self._waiting.pop(token or "", None)
        if waiting is None:
            raise Unauthorized("the streaming token is unknown, used or expired: ask for a new session")
        return waiting.session

    def _forget_expired(self, now: float) -> None:
        while self._waiting and next(iter(self._waiting.values())).expires_s <= now:
            self._waiting.popitem(last=False)
