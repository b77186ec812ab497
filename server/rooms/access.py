"""Who may do what in a room: signed tokens that name the room and the role (JWT, RFC 7519), and the server's keys."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, get_args

import jwt

from server.auth import ApiKeys, Forbidden
from server.config import RoomPolicy
from server.rooms.seat import Role
from server.rooms.store import StoredRoom
from streaming.errors import BadInput, Unauthorized

ROLES: tuple[Role, ...] = get_args(Role)

RESUME_LIFE_S = 86_400.0
"""A day is the longest meeting; the seat itself is kept for much less."""

_ALGORITHM = "HS256"
_ENTRY = "dragoman room"
_RESUME = "dragoman resume"
"""Audiences: a token of the one kind is none of the other."""


class Access:
    """Makes and checks the tokens of one server. Its first call may block, to read the secret."""

    def __init__(self, keys: ApiKeys, *, policy: RoomPolicy, secret: Callable[[], bytes]) -> None:
        """`secret` is called when the first token is made or checked."""
        self._keys = keys
        self._policy = policy
        self._secret = functools.cache(secret)

    def issue(self, role: Role, room: str | None, life_s: float) -> str:
        """A token that leads into the room; without one, that opens rooms. Raises BadInput where that is no host's."""
        if room is None and role != "host":
            raise BadInput(f"role: a {role} needs a room")
        return self._sign({"role": role} | ({"room": room} if room else {}), _ENTRY, life_s)

    def check(self, authorization: str | None, room: StoredRoom) -> Role:
        """What whoever asks is in this room. Raises Unauthorized; Forbidden where the server has no rooms."""
        self._check_policy()
        token = _bearer(authorization)
        if token is not None:
            claims = self._read(token, _ENTRY)
            if claims.get("room") != room.id:
                raise Unauthorized("the token is not for this room")
            return _role(claims)
        if self._has_key(authorization):
            return "host"
        if room.open and self._policy == "open":
            return "speaker"
        raise Unauthorized("this room is for those who are invited: Authorization: Bearer TOKEN")

    def check_any(self, authorization: str | None) -> None:
        """Raises Unauthorized for whoever may come in nowhere: into no room, and alone neither."""
        token = _bearer(authorization)
        if token is not None:
            self._read(token, _ENTRY)
        elif self._policy != "open":
            self._keys.check(authorization)

    def may_open(self, authorization: str | None) -> None:
        """Raises Unauthorized and Forbidden for whoever may not open rooms."""
        self._check_policy()
        if self._policy == "open":
            return
        token = _bearer(authorization)
        if token is not None:
            claims = self._read(token, _ENTRY)
            if "room" in claims or _role(claims) != "host":
                raise Forbidden("the token is for a room, it opens no others")
            return
        if not self._has_key(authorization):
            raise Unauthorized("who opens a room needs a host's token (`dragoman token --role host`) or an API key")

    def issue_resume(self, room: str, participant: str) -> str:
        """A token that takes the participant's seat again."""
        return self._sign({"room": room, "sub": participant}, _RESUME, RESUME_LIFE_S)

    def check_resume(self, token: str, room: str) -> str:
        """The participant's id. Raises Unauthorized; Forbidden where the server has no rooms."""
        self._check_policy()
        claims = self._read(token, _RESUME)
        if claims.get("room") != room or "sub" not in claims:
            raise Unauthorized("the token is not for this room")
        return str(claims["sub"])

    def _check_policy(self) -> None:
        if self._policy == "off":
            raise Forbidden("this server has no rooms (--rooms off)")

    def _has_key(self, authorization: str | None) -> bool:
        """Raises Unauthorized for a wrong key. A server without keys has nobody who has one."""
        if self._keys.open or not authorization:
            return False
        self._keys.check(authorization)
        return True

    def _sign(self, claims: dict[str, Any], audience: str, life_s: float) -> str:
        return jwt.encode(claims | {"aud": audience, "exp": int(time.time() + life_s)}, self._secret(), _ALGORITHM)

    def _read(self, token: str, audience: str) -> dict[str, Any]:
        try:
            return jwt.decode(
                token, self._secret(), [_ALGORITHM], audience=audience, options={"require": ["exp", "aud"]}
            )
        except jwt.ExpiredSignatureError as error:
            raise Unauthorized("the token has expired: ask for a new invitation") from error
        except jwt.InvalidTokenError as error:
            raise Unauthorized("the token is not one of this server's") from error


def require(role: Role, least: Role) -> None:
    """Raises Forbidden for a role that may do less than `least`."""
    if ROLES.index(role) > ROLES.index(least):
        raise Forbidden(f"a {role} may not do this: it needs a {least}")


def _bearer(authorization: str | None) -> str | None:
    """The token of RFC 6750's header; None for another scheme."""
    scheme, _, token = (authorization or "").strip().partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def _role(claims: dict[str, Any]) -> Role:
    role = claims.get("role")
    if role not in ROLES:
        raise Unauthorized("the token is not one of this server's")
    return role
