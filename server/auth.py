"""Who may use the server: API keys in the scheme of the voice interface, and which web pages may ask (RFC 6454)."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from urllib.parse import urlsplit

from streaming.errors import DragomanError, Unauthorized

_SCHEME = "DeepL-Auth-Key"


class Forbidden(DragomanError):
    """Asked by a web page of another origin, or by who may do less."""

    code = "forbidden"
    status = 403


class ApiKeys:
    """The keys of which a client must show one; none configured means open to all."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(key.encode() for key in keys)

    @property
    def open(self) -> bool:
        return not self._keys

    def check(self, authorization: str | None) -> None:
        """Raises Unauthorized unless the header bears a known key; the time it takes tells nothing of the key."""
        if self.open:
            return
        scheme, _, key = (authorization or "").strip().partition(" ")
        if scheme.lower() != _SCHEME.lower():
            raise Unauthorized(f"the header Authorization: {_SCHEME} <key> is missing")
        matches = [hmac.compare_digest(key.strip().encode(), known) for known in self._keys]
        if not any(matches):
            raise Unauthorized("wrong API key")


def check_origin(origin: str | None, host: str | None) -> None:
    """A browser says which page asks; only our own may. Raises Forbidden.

    Programs send no Origin and pass. The schemes are not compared, since a proxy may speak TLS for us.
    """
    if origin is None:
        return
    if origin == "null" or urlsplit(origin).netloc.lower() != (host or "").lower():
        raise Forbidden("a page of another origin may not open sessions here")
