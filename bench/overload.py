"""An induced overload: what else the machine has to do while speech goes on, phase by phase."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

import anyio

from streaming.clock import now
from streaming.engine import Model
from streaming.local_engine import Execute, VirtualCores, in_thread

_BURN = "while True: pass"


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of the run."""

    name: str
    share: float
    """of the whole run"""
    burnt: int = 0
    """cores that other processes keep busy"""
    slowed: bool = False
    """the voice's model has to do everything twice"""

    @property
    def is_calm(self) -> bool:
        return not self.burnt and not self.slowed


PHASES = (
    Phase("calm", 0.15),
    Phase("one core burnt", 0.25, burnt=1),
    Phase("both cores burnt", 0.25, burnt=2),
    Phase("voice at half speed", 0.20, slowed=True),
    Phase("calm again", 0.15),
)


def begins_s(seconds: float, phases: Sequence[Phase] = PHASES) -> list[float]:
    """When each phase begins, and the last ends, in a run of so many seconds."""
    shares = [sum(phase.share for phase in phases[:count]) for count in range(len(phases) + 1)]
    return [seconds * share for share in shares]


class Overload:
    """Runs models, an `Execute`, and makes that as hard as the phase asks; `run` goes through the phases."""

    def __init__(self, seconds: float, voices: Container[str], *, virtual: bool) -> None:
        """`voices`: names of the models that are slowed. In virtual time burnt cores are virtual too."""
        self._seconds = seconds
        self._voices = voices
        self._cores = VirtualCores() if virtual else None
        self._execute: Execute = self._cores or in_thread
        self._phase = PHASES[0]
        self._burners: list[subprocess.Popen[bytes]] = []

    async def __call__(self, model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        results, seconds = await self._execute(model, batch)
        if self._phase.slowed and model.name in self._voices:
            results, again = await self._execute(model, batch)
            seconds += again
        return results, seconds

    async def run(self) -> None:
        """From now on, to the last phase's end; nothing is burnt after it or where it is cancelled."""
        began_s = now()
        try:
            for phase, begin_s in zip(PHASES, begins_s(self._seconds), strict=False):
                await anyio.sleep_until(began_s + begin_s)
                self._burn(phase.burnt)
                self._phase = phase
        finally:
            self._burn(0)

    def _burn(self, count: int) -> None:
        """In processes of our own scheduling group, so that the machine shares its cores fairly by thread."""
        if self._cores is not None:
            self._cores.keep_busy(count - self._phase.burnt)
            return
        while len(self._burners) < count:
            self._burners.append(subprocess.Popen([sys.executable, "-c", _BURN]))
        for burner in self._burners[count:]:
            burner.kill()
            burner.wait()
        del self._burners[count:]
