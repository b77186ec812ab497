"""An invitation to a meeting: how long its token lasts, and the link that carries it."""

from __future__ import annotations

from urllib.parse import urlencode

from streaming.errors import BadInput

INVITATION_HOURS = 168.0
"""A week: sent on a Friday, it serves on Monday."""

LONGEST_HOURS = 8760.0


def checked_hours(hours: float, where: str) -> float:
    """Raises BadInput, naming `where`, for none at all or more than a year."""
    if not 0 < hours <= LONGEST_HOURS:
        raise BadInput(f"{where} must be more than 0 and at most {LONGEST_HOURS:.0f}")
    return hours


def meeting_link(origin: str, token: str, room: str | None) -> str:
    """The token stands after the #, where no server's log and no referrer sees it.

    `origin`: scheme and host by which a browser reaches the server. Without a room: where one opens rooms.
    """
    fragment = urlencode(({"room": room} if room else {}) | {"token": token})
    return f"{origin.rstrip('/')}/meet/#{fragment}"
