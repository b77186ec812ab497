from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from running_server import running
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

import server.rate_limit
from server.config import Settings
from server.metrics import Metrics
from server.rate_limit import BURST, RateLimit, TokenBuckets

Ask = Callable[..., Awaitable[httpx.Response]]


class Clock:
    at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def limited(talk: Callable[[Ask, Clock], Awaitable[None]], *, host: str = "203.0.113.5") -> None:
    """Talks to an application that wants the token `right` where it is shown one."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        wrong = dict(scope["headers"]).get(b"authorization", b"right") != b"right"
        await PlainTextResponse("", 401 if wrong else 200)(scope, receive, send)

    async def main() -> None:
        clock = Clock()
        limit = RateLimit(app, metrics=Metrics(), clock=clock)

        async def ask(
            method: str = "POST", path: str = "/v1/rooms", *, key: str | None = None, host: str = host
        ) -> httpx.Response:
            transport = httpx.ASGITransport(limit, client=(host, 1))
            async with httpx.AsyncClient(transport=transport, base_url="http://here") as http:
                return await http.request(method, path, headers={"Authorization": key} if key else {})

        await talk(ask, clock)

    asyncio.run(main())


async def empty(ask: Ask) -> None:
    for _ in range(int(BURST)):
        assert (await ask()).status_code == 200


def test_after_a_burst_an_address_waits_and_is_told_how_long() -> None:
    async def talk(ask: Ask, clock: Clock) -> None:
        await empty(ask)
        refused = await ask()
        assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
        assert refused.headers["Retry-After"] == "1"
        clock.at_s += 1.0
        assert (await ask()).status_code == 200

    limited(talk)


ROOMS = ("/v1/rooms", "/v1/rooms/x/join", "/v1/rooms/x/whip", "/v1/rooms/x/whep", "/v1/rooms/x/invite")


@pytest.mark.parametrize("path", [*ROOMS, "/v1/webrtc/offer", "/v3/voice/realtime"])
def test_what_costs_is_counted(path: str) -> None:
    async def talk(ask: Ask, clock: Clock) -> None:
        await empty(ask)
        assert (await ask(path=path)).status_code == 429

    limited(talk)


def test_what_costs_little_is_served_all_the_same() -> None:
    async def talk(ask: Ask, clock: Clock) -> None:
        await empty(ask)
        for method, path in (("GET", "/meet/"), ("GET", "/v1/rooms/x"), ("POST", "/v3/glossaries")):
            assert (await ask(method, path)).status_code == 200

    limited(talk)


def test_wrong_credentials_use_the_burst_up_sooner_and_no_more_are_tried() -> None:
    async def talk(ask: Ask, clock: Clock) -> None:
        answers = [(await ask("GET", "/v1/rooms/x", key=f"wrong{n}")).status_code for n in range(7)]
        assert answers == [401] * 6 + [429]
        assert (await ask("GET", "/v1/rooms/x", key="right")).status_code == 429

    limited(talk)


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_not_limited(host: str) -> None:
    async def talk(ask: Ask, clock: Clock) -> None:
        await empty(ask)
        assert (await ask()).status_code == 200

    limited(talk, host=host)


@pytest.mark.parametrize(
    ("host", "other", "same"),
    [
        ("203.0.113.5", "203.0.113.6", False),
        ("203.0.113.5", "::ffff:203.0.113.5", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("_hidden", "_other", False),
    ],
)
def test_a_subscriber_has_one_bucket(host: str, other: str, same: bool) -> None:
    async def talk(ask: Ask, clock: Clock) -> None:
        await empty(ask)
        assert (await ask(host=other)).status_code == (429 if same else 200)

    limited(talk, host=host)


def test_the_address_that_a_proxy_on_this_machine_forwards_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.rate_limit, "BURST", 2.0)

    async def main() -> None:
        async with running(Settings(api_keys=("right",))) as here:
            forwarded = {"X-Forwarded-For": "127.0.0.1, 203.0.113.5"}  # the client says the first, the proxy the second
            path = "/v3/voice/realtime"
            codes = [(await here.http.post(path, json={}, headers=forwarded)).status_code for _ in range(2)]
            assert codes == [401, 429]
            assert (await here.http.post(path, json={})).status_code == 401

    asyncio.run(main())


def test_only_so_many_addresses_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.rate_limit, "MOST_ADDRESSES", 2)
    buckets = TokenBuckets()
    for address in ("a", "b", "a", "c"):
        buckets.take(address, BURST, 0.0)
    assert len(buckets) == 2
    assert [buckets.wait_s(address, 0.0) > 0.0 for address in ("a", "b", "c")] == [True, False, True]


@given(st.lists(st.floats(0.0, 100.0), max_size=200))
def test_nobody_gets_more_than_the_burst_and_what_the_time_brings(gaps_s: list[float]) -> None:
    buckets, now_s, taken = TokenBuckets(), 0.0, 0
    for gap_s in gaps_s:
        now_s += gap_s
        if buckets.wait_s("a", now_s) == 0.0:
            buckets.take("a", 1.0, now_s)
            taken += 1
    assert taken <= BURST + now_s + 1e-6
