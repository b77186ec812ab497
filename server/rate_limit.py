"""How often one address may ask for what costs: a token bucket for each, as ASGI middleware.

The addresses are those that uvicorn gives: behind a proxy on this machine, what its X-Forwarded-For says. Clients on
this machine are not limited: who has it can do worse.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.error_answers import answer
from server.metrics import Metrics
from streaming.clock import now
from streaming.errors import Busy

BURST = 60.0
"""Requests at once: as many as come into a meeting on the hour from behind one office's address."""

REFILL_PER_S = 1.0

_REFUSED_COST = 10.0
"""Six wrong tokens in a row, then one in ten seconds."""

MOST_ADDRESSES = 10_000
"""About 2 MB; the one not heard of for the longest is forgotten first."""

_IPV6_SUBSCRIBER_BITS = 64
"""What one subscriber gets (RFC 6177), to choose any address from."""

_COSTS = re.compile(r"/v1/rooms(/[^/]+/(join|whip|whep|invite))?|/v1/webrtc/offer|/v3/voice/realtime")


class TooMany(Busy):
    """One address asks for more than its share."""

    code = "too_many_requests"
    status = 429


class TokenBuckets:
    """A bucket for each address that was heard of lately. Times are seconds of one clock."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        """tokens left, at which time"""

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, address: str, tokens: float, now_s: float) -> None:
        """As many as there are, if fewer."""
        self._buckets[address] = max(0.0, self._left(address, now_s) - tokens), now_s
        self._buckets.move_to_end(address)
        if len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)

    def wait_s(self, address: str, now_s: float) -> float:
        """How long it is until there is a token; 0: there is one."""
        return max(0.0, (1.0 - self._left(address, now_s)) / REFILL_PER_S)

    def _left(self, address: str, now_s: float) -> float:
        tokens, at_s = self._buckets.get(address, (BURST, now_s))
        return min(BURST, tokens + (now_s - at_s) * REFILL_PER_S)


class RateLimit:
    """Wraps an application. A request that was refused for its credential costs more than one that was served.

    With an empty bucket nothing that costs is done, and no credential is tried.
    """

    def __init__(self, app: ASGIApp, *, metrics: Metrics, clock: Callable[[], float] = now) -> None:
        self._app = app
        self._metrics = metrics
        self._clock = clock
        self._buckets = TokenBuckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        address = _limited_address(scope)
        if address is None:
            await self._app(scope, receive, send)
            return
        costs = scope["method"] == "POST" and _COSTS.fullmatch(scope["path"]) is not None
        wait_s = self._buckets.wait_s(address, self._clock())
        if wait_s > 0.0 and (costs or any(name == b"authorization" for name, _ in scope["headers"])):
            error = TooMany("too many requests from your address", retry_after_s=wait_s)
            self._metrics.add_refused(error.code)
            await answer(error)(scope, receive, send)
            return
        if costs:
            self._buckets.take(address, 1.0, self._clock())

        async def charge(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._buckets.take(address, _REFUSED_COST, self._clock())
            await send(message)

        await self._app(scope, receive, charge)


def _limited_address(scope: Scope) -> str | None:
    """None: not limited."""
    if scope["type"] != "http" or not scope.get("client"):
        return None
    host: str = scope["client"][0]
    try:
        address = ip_address(host)
    except ValueError:
        return host  # a proxy may name its client otherwise
    if isinstance(address, IPv6Address):
        address = address.ipv4_mapped or address
    if address.is_loopback:
        return None
    return _subscriber(address)


def _subscriber(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, _IPV6_SUBSCRIBER_BITS), strict=False))
