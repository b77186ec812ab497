from __future__ import annotations

import pytest

from server.streaming_tokens import TOKEN_LIFE_S, StreamingTokens
from streaming.errors import Unauthorized


def test_a_token_leads_to_its_session_once() -> None:
    tokens: StreamingTokens[str] = StreamingTokens()
    token = tokens.issue("a", now=0.0)
    assert tokens.take(token, now=1.0) == "a"
    with pytest.raises(Unauthorized):
        tokens.take(token, now=1.0)


def test_a_token_expires() -> None:
    tokens: StreamingTokens[str] = StreamingTokens()
    token = tokens.issue("a", now=0.0)
    with pytest.raises(Unauthorized):
        tokens.take(token, now=TOKEN_LIFE_S)
    assert len(tokens) == 0


@pytest.mark.parametrize("token", [None, "", "guess"])
def test_no_token_and_a_guess_are_refused(token: str | None) -> None:
    tokens: StreamingTokens[str] = StreamingTokens()
    tokens.issue("a", now=0.0)
    with pytest.raises(Unauthorized):
        tokens.take(token, now=0.0)


def test_a_flood_of_requests_stays_bounded_and_keeps_the_newest() -> None:
    tokens: StreamingTokens[int] = StreamingTokens()
    issued = [tokens.issue(number, now=0.0) for number in range(5000)]
    assert len(tokens) == 1000
    assert tokens.take(issued[-1], now=0.0) == 4999
