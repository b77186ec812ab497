"""Admission control: a speaker is let in only where there is room, so that those inside keep their budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from server.machine_load import FULL, MachineLoad
from streaming.clock import now
from streaming.errors import Busy

_SILENT = 0.4
"""What a silent speaker counts for, beside one who speaks. Silence costs next to nothing (0.01 of a core), but they
will speak: a party to a conversation does for 39 % of the time (ITU-T P.59). It also bounds what happens when all begin
at once: the last of n came in at 0.4 (n - 1) cost + cost <= 0.9, so they ask for at most 2.25 - 1.5 cost. On two cores
(cost 0.19 and more) that is less than twice the machine, the overload that the latency budget is made to bear. In one
conversation people don't all begin at once: there the last of n came in at 0.4 n cost."""

_BUSY = 0.8
"""Share of the machine in use from which tentative text goes: somewhat below FULL, so that previews are given up before
anyone's translation is late."""

_RETRY_AFTER_S = 15.0
"""A first guess of when a speaker may have left; short enough for a person to wait for."""

_LONGEST_RETRY_S = 120.0


class Admission:
    """Lets in a speaker while the machine, with one more who speaks, is expected not to be overfull.

    Each who speaks counts for the measured cost of a speaker, each who is silent for 0.4 of it. A machine with nobody
    inside takes one speaker, however slow it is. `max_speakers` is an upper bound beside that; None: no other.
    """

    def __init__(self, load: MachineLoad, *, max_speakers: int | None = None, clock: Callable[[], float] = now) -> None:
        self._load = load
        self._max_speakers = max_speakers
        self._clock = clock

    @property
    def speakers(self) -> int:
        return self._load.inside

    def check(self, *, takes_turns: bool = False) -> None:
        """Raises Busy where there is no room now; the fuller, the longer to wait.

        `takes_turns`: the newcomer joins a conversation, in which one listens while another speaks, and so counts as
        silent at once. Whoever comes alone is expected to begin now.
        """
        inside = self._load.inside
        if self._max_speakers is not None and inside >= self._max_speakers:
            reason = f"the server is full: {inside} of {self._max_speakers} speakers are inside"
            raise Busy(reason, retry_after_s=_RETRY_AFTER_S)
        at_s = self._clock()
        cost, speaking = self._load.cost(at_s), self._load.speaking(at_s)
        newcomer = _SILENT if takes_turns else 1.0
        too_much = cost * (speaking + _SILENT * (inside - speaking) + newcomer) - FULL
        if inside == 0 or too_much <= 0:
            return
        leavers = math.ceil(too_much / cost)
        reason = f"the server is full: with one more than the {inside} inside, everyone's translation would come late"
        raise Busy(reason, retry_after_s=min(leavers * _RETRY_AFTER_S, _LONGEST_RETRY_S))

    @contextmanager
    def slot(self, *, takes_turns: bool = False) -> Iterator[Callable[[], None]]:
        """Room for one speaker while the context lasts; call what it gives whenever words of theirs were recognised.

        `takes_turns` as for `check`. Raises Busy.
        """
        self.check(takes_turns=takes_turns)
        speaker = self._load.enter(self._clock())
        try:
            yield lambda: self._load.hear(speaker, self._clock())
        finally:
            self._load.leave(speaker, self._clock())

    def is_busy(self) -> bool:
        """Tentative work should be left undone, for the sake of committed work."""
        return self._load.share(self._clock()) >= _BUSY
