"""How much of the machine is in use, and how much of it one speaker takes, from the model calls that run.

Measured, as no two machines are alike (measurement-based admission: Jamin, Danzig, Shenker and Zhang 1997). A call
takes up its threads' share of the cores, and its worker's part of the engine at least: while all workers are busy
nothing more can run, however many cores are idle. Calls that overlap never take more than the whole machine, so their
waiting for each other isn't counted as work; what other programs take shows, as calls last longer then.

Not seen: how full a GPU is, what one pair of languages takes more than another (the cost is an average over those who
spoke), and what the event loop does itself (voice activity, codecs).
"""

from __future__ import annotations

from dataclasses import dataclass

FULL = 0.9
"""Share of the machine in use up to which speakers keep their budget. On two cores, with speakers who never pause, four
from Portuguese into English had a p95 span of 3.81 s, two from English into Portuguese 3.30 s (docs/baseline.md, Load).
At this limit and their costs (0.19 and 0.39) four and two are let in. Five and three were not measured."""

COST_BEFORE_MEASURED = 0.35
"""Of a machine of two cores, midway between English into Portuguese (for a second of speech Whisper takes 0.28 s on one
thread, Kokoro's graph as published 0.36 s on two: 0.5) and Portuguese into English (0.19). A conversation has both.
With the faster graph the former is 0.39: a first guess may be too dear, and is soon corrected."""

HALF_LIFE_S = 10.0
"""What is older by this counts for half, so that the average is over some 15 s: several clauses with their pauses, as
a single one fills all cores for a moment, and no more, so that it soon shows who began to speak or left."""

COST_HALF_LIFE_S = 30.0
"""Seconds of speech: after as many, all speakers together, the cost is half what was measured, half what it was before.
A silent machine forgets nothing."""

SPEAKING_S = 4.0
"""After recognised words a speaker counts as speaking for so long: the latency budget, within which their work is done.
The cost is measured over the same seconds, so bridging a pause doesn't distort what all speakers take together."""


@dataclass(slots=True, eq=False)
class Speaker:
    """One who is inside."""

    speaks_until_s: float = float("-inf")


class MachineLoad:
    """Told when calls begin and end and who is inside and heard. All times are the clock's, and never go back."""

    def __init__(self, *, cores: int, workers: int) -> None:
        """`workers`: the engine's calls in flight at most."""
        self._cores = cores
        self._workers = workers
        self._speakers: set[Speaker] = set()
        self._running = 0.0
        self._share = 0.0
        self._cost = COST_BEFORE_MEASURED
        self._at_s = 0.0

    @property
    def inside(self) -> int:
        """Speakers, silent ones among them."""
        return len(self._speakers)

    def begin(self, threads: int, at_s: float) -> None:
        """A batch begins to run, on so many threads."""
        self._advance(at_s)
        self._running += self._part(threads)

    def end(self, threads: int, at_s: float) -> None:
        """It has run."""
        self._advance(at_s)
        self._running -= self._part(threads)

    def enter(self, at_s: float) -> Speaker:
        """One more speaker, silent so far."""
        self._advance(at_s)
        speaker = Speaker()
        self._speakers.add(speaker)
        return speaker

    def hear(self, speaker: Speaker, at_s: float) -> None:
        """Words of this speaker were recognised."""
        self._advance(at_s)
        speaker.speaks_until_s = at_s + SPEAKING_S

    def leave(self, speaker: Speaker, at_s: float) -> None:
        """Takes effect at once on who is inside; the share of the machine in use sinks as the average does."""
        self._advance(at_s)
        self._speakers.remove(speaker)

    def speaking(self, at_s: float) -> int:
        """How many of those inside speak now."""
        return sum(at_s < speaker.speaks_until_s for speaker in self._speakers)

    def share(self, at_s: float) -> float:
        """The share of the machine that is in use, 0 to 1, on average."""
        self._advance(at_s)
        return self._share

    def cost(self, at_s: float) -> float:
        """The share of the machine that one speaker takes while speaking; on average over those who spoke."""
        self._advance(at_s)
        return self._cost

    def _part(self, threads: int) -> float:
        return max(threads / self._cores, 1 / self._workers)

    def _advance(self, at_s: float) -> None:
        """Takes in the time since the last event, in which the same calls ran."""
        elapsed_s = at_s - self._at_s
        if elapsed_s <= 0:
            return
        running = min(1.0, self._running)
        self._share += _weight(elapsed_s, HALF_LIFE_S) * (running - self._share)
        spoke_s = [min(at_s, one.speaks_until_s) - self._at_s for one in self._speakers]
        speech_s = sum(each for each in spoke_s if each > 0)
        if speech_s > 0:
            self._learn(running * max(spoke_s) / speech_s, speech_s, is_full=running == 1.0 or self._share >= FULL)
        self._at_s = at_s

    def _learn(self, cost: float, speech_s: float, *, is_full: bool) -> None:
        """Where the machine is full its speakers get less than they need: only a higher cost is believed then."""
        if cost > self._cost or not is_full:
            self._cost += _weight(speech_s, COST_HALF_LIFE_S) * (cost - self._cost)


def _weight(new_s: float, half_life_s: float) -> float:
    """Of so many new seconds in an exponentially weighted average."""
    return 1 - 0.5 ** (new_s / half_life_s)
