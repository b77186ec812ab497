"""Who is in a room, what each of them wants, and what must therefore be translated and mixed. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from server.rooms.seat import Role, Wishes
from streaming.errors import BadInput, Busy

MOST_PARTICIPANTS = 500
"""What one process can send to: a participant costs 50 packets a second, see docs/rooms.md."""

_FULL_RETRY_S = 60.0


class UnknownParticipant(BadInput):
    """They left, or never were here."""

    code = "not_found"
    status = 404


@dataclass(frozen=True, slots=True)
class Participant:
    """One who is here, or whose connection was lost a moment ago."""

    id: str
    role: Role
    wishes: Wishes
    connected: bool = True
    speaking: bool = False


@dataclass(frozen=True, slots=True)
class MixKey:
    """What a mix depends on: those who have the same key hear the same."""

    hears: str | None
    original: float
    without: str | None
    """the participant who hears it, where they speak: nobody hears themselves"""


class Roster:
    """In the order in which they came."""

    def __init__(self) -> None:
        self._participants: dict[str, Participant] = {}
        self._came = 0

    def __len__(self) -> int:
        return len(self._participants)

    def __iter__(self) -> Iterator[Participant]:
        return iter(list(self._participants.values()))

    def __contains__(self, participant: str) -> bool:
        return participant in self._participants

    def __getitem__(self, participant: str) -> Participant:
        """Raises UnknownParticipant."""
        if participant not in self._participants:
            raise UnknownParticipant(f"there is no participant {participant!r} in this room")
        return self._participants[participant]

    def add(self, role: Role, wishes: Wishes, again: str | None = None) -> Participant:
        """`again`: the id of one who was here before the server was started anew. Raises Busy for a full room."""
        if len(self) >= MOST_PARTICIPANTS:
            raise Busy(f"the room is full: {len(self)} are inside", retry_after_s=_FULL_RETRY_S)
        if again is None or again in self:
            again = self._new_id()
        self._participants[again] = Participant(again, role, wishes)
        return self._participants[again]

    def change(self, participant: str, **fields: Any) -> None:
        """Of the participant's own fields. Raises UnknownParticipant."""
        self._participants[participant] = replace(self[participant], **fields)

    def remove(self, participant: str) -> None:
        self._participants.pop(participant, None)

    @property
    def speakers(self) -> list[Participant]:
        return [participant for participant in self if participant.wishes.speaks is not None]

    def aims(self, speaker: str, targets_of: Callable[[str], Sequence[str]]) -> dict[str, bool]:
        """What the speaker is to be translated into, and whether each is also to be spoken.

        `targets_of`: what a language can be translated into. Who wants another language gets the speaker's own words.
        """
        spoken = self[speaker].wishes.speaks
        possible = set(targets_of(spoken)) - {spoken} if spoken else set()
        aims: dict[str, bool] = {}
        for participant in self:
            hears, captions = participant.wishes.hears, participant.wishes.captions
            if hears in possible and participant.id != speaker:
                aims[hears] = True
            if captions in possible:
                aims.setdefault(captions, False)
        return aims

    def mix_key(self, participant: str) -> MixKey:
        wishes = self[participant].wishes
        return MixKey(wishes.hears, wishes.original, participant if wishes.speaks else None)

    def described(self, you: str) -> dict[str, Any]:
        """Speakers one by one, listeners as a number, and who asks."""
        return {
            "you": _described(self[you]) if you in self else None,
            "listeners": len(self) - len(self.speakers),
            "participants": [_described(speaker) for speaker in self.speakers],
        }

    def _new_id(self) -> str:
        """Not that of one who may yet come back from before a restart."""
        while (new := f"p{self._came + 1}") in self:
            self._came += 1
        self._came += 1
        return new


def _described(participant: Participant) -> dict[str, Any]:
    return {
        "id": participant.id,
        "role": participant.role,
        **asdict(participant.wishes),
        "connected": participant.connected,
        "speaking": participant.speaking,
    }
