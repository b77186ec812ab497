from __future__ import annotations

import pytest

from server.ice import IceServer, read_ice
from streaming.errors import BadInput

TURN = "turn:turn.example.org:3478?transport=udp"


def test_without_servers_there_are_none() -> None:
    assert read_ice([], login=None, secret=None).servers(0.0) == []


def test_a_stun_server_needs_no_login() -> None:
    config = read_ice(["stun:stun.example.org"], login=None, secret=None)
    assert [server.to_json() for server in config.servers(0.0)] == [{"urls": ["stun:stun.example.org"]}]


def test_a_login_is_handed_out_with_the_turn_servers_alone() -> None:
    config = read_ice(["stun:stun.example.org", TURN], login="ana:pass:word", secret=None)
    assert config.servers(0.0) == [
        IceServer(("stun:stun.example.org",)),
        IceServer((TURN,), "ana", "pass:word"),
    ]


def test_the_secret_makes_logins_that_expire_and_that_coturn_accepts() -> None:
    """The credential as `echo -n 43300:dragoman | openssl dgst -sha1 -hmac north -binary | base64` says."""
    config = read_ice([TURN], login=None, secret="north")
    server = config.servers(100.0)[0]
    assert server.username == "43300:dragoman"
    assert server.credential == "2FoWOSlmUg0dFpcLOg86siRjgIk="


def test_no_secret_shows_in_a_log() -> None:
    config = read_ice([TURN], login=None, secret="north")
    assert "north" not in repr(config)
    assert str(config.servers(100.0)[0].credential) not in repr(config.servers(100.0))


@pytest.mark.parametrize(
    ("urls", "login", "secret", "named"),
    [
        (["http://x"], None, None, "ice_servers"),
        (["turn:ana:word@x"], None, None, "ice_servers"),
        (["stun:x?transport=udp"], None, None, "ice_servers"),
        ([TURN], None, None, "turn_login or turn_secret"),
        ([TURN], "ana:word", "north", "turn_login or turn_secret"),
        ([TURN], "ana", None, "NAME:PASSWORD"),
        (["stun:x"], "ana:word", None, "names none"),
    ],
)
def test_what_cannot_be_is_refused_without_telling_the_secret(
    urls: list[str], login: str | None, secret: str | None, named: str
) -> None:
    with pytest.raises(BadInput) as refused:
        read_ice(urls, login=login, secret=secret)
    assert named in refused.value.reason
    assert "word" not in refused.value.reason.replace("NAME:PASSWORD", "")
    assert "north" not in refused.value.reason
