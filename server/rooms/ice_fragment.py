"""ICE candidates that come after the offer: an `application/trickle-ice-sdpfrag` (RFC 8840, section 9)."""

from __future__ import annotations

from dataclasses import dataclass

from aiortc import RTCIceCandidate
from aiortc.sdp import candidate_from_sdp

from streaming.errors import BadInput

_MOST_CANDIDATES = 50


@dataclass(frozen=True, slots=True)
class IceFragment:
    """What was said of one ICE session."""

    username: str
    """the fragment that the session's ICE user name is made of"""
    candidates: tuple[RTCIceCandidate | None, ...]
    """None: there are no more"""


def read_fragment(text: str) -> IceFragment:
    """Raises BadInput for what is not such a fragment."""
    username, mid, index = "", None, -1
    candidates: list[RTCIceCandidate | None] = []
    for line in text.splitlines():
        name, _, value = line.strip().partition(":")
        if line.startswith("m="):
            index += 1
        elif name == "a=ice-ufrag":
            username = value
        elif name == "a=mid":
            mid = value
        elif name == "a=candidate":
            candidates.append(_candidate(value, mid, index))
        elif name == "a=end-of-candidates":
            candidates.append(None)
    if not username:
        raise BadInput("the fragment has no a=ice-ufrag")
    if len(candidates) > _MOST_CANDIDATES:
        raise BadInput(f"the fragment has more than {_MOST_CANDIDATES} candidates")
    return IceFragment(username, tuple(candidates))


def _candidate(value: str, mid: str | None, index: int) -> RTCIceCandidate:
    try:
        candidate = candidate_from_sdp(value)
    except (AssertionError, ValueError) as error:  # how aiortc tells
        raise BadInput("a=candidate: not a candidate") from error
    candidate.sdpMid, candidate.sdpMLineIndex = mid, max(index, 0)
    return candidate
