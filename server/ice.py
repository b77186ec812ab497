"""STUN and TURN servers for whoever is behind a NAT or a firewall, as RTCPeerConnection takes them."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from streaming.errors import BadInput

_URL = re.compile(r"stuns?:[^?:/@\s]+(:\d{1,5})?|turns?:[^?:/@\s]+(:\d{1,5})?(\?transport=(udp|tcp))?")
"""RFC 7064 and 7065, without IPv6 literals, which aiortc can't read."""

_VALID_S = 12 * 3600
"""of credentials made from the secret: they are shown again whenever a long meeting's allocation is refreshed"""


@dataclass(frozen=True, slots=True)
class IceServer:
    """One entry of RTCConfiguration.iceServers."""

    urls: tuple[str, ...]
    username: str | None = None
    credential: str | None = field(default=None, repr=False)

    def to_json(self) -> dict[str, Any]:
        """As a page hands it to RTCPeerConnection."""
        login = {} if self.username is None else {"username": self.username, "credential": self.credential}
        return {"urls": list(self.urls), **login}


@dataclass(frozen=True, slots=True)
class IceConfig:
    """The servers that are configured. For TURN either one login for all, or the secret that it shares with us."""

    stun: tuple[str, ...] = ()
    turn: tuple[str, ...] = ()
    login: str | None = field(default=None, repr=False)
    """name:password"""
    secret: str | None = field(default=None, repr=False)

    def servers(self, unix_s: float) -> list[IceServer]:
        """For peers that connect now; credentials made from the secret expire (coturn's use-auth-secret)."""
        servers = [IceServer(self.stun)] if self.stun else []
        if not self.turn:
            return servers
        if self.secret is not None:
            name = f"{int(unix_s) + _VALID_S}:dragoman"
            return [*servers, IceServer(self.turn, name, _signature(self.secret, name))]
        name, _, password = (self.login or "").partition(":")
        return [*servers, IceServer(self.turn, name, password)]


def read_ice(urls: Sequence[str], *, login: str | None, secret: str | None) -> IceConfig:
    """Raises BadInput, with the setting's name and never its secret, for what can't be."""
    for url in urls:
        if not _URL.fullmatch(url):
            raise BadInput(
                "ice_servers: each is stun:HOST[:PORT] or turn:HOST[:PORT][?transport=udp|tcp], or stuns: or turns:"
            )
    stun = tuple(url for url in urls if url.startswith("stun"))
    turn = tuple(url for url in urls if url.startswith("turn"))
    if turn and (login is None) == (secret is None):
        raise BadInput("ice_servers: a TURN server needs either turn_login or turn_secret")
    if not turn and (login or secret):
        raise BadInput("turn_login and turn_secret are for a TURN server, and ice_servers names none")
    if login is not None and not re.fullmatch(r"[^:]+:.+", login):
        raise BadInput("turn_login must be NAME:PASSWORD")
    return IceConfig(stun, turn, login, secret)


def _signature(secret: str, name: str) -> str:
    return base64.b64encode(hmac.digest(secret.encode(), name.encode(), "sha1")).decode()
