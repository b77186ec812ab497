"""Runs model calls and tells how much of the machine they take up, from the moment they begin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from server.machine_load import MachineLoad
from streaming.clock import now
from streaming.engine import Model
from streaming.local_engine import Execute


class Metered:
    """Implements `streaming.local_engine.Execute` by another one."""

    def __init__(self, execute: Execute, load: MachineLoad) -> None:
        self._execute = execute
        self._load = load

    async def __call__(self, model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        self._load.begin(model.threads, now())
        try:
            return await self._execute(model, batch)
        finally:
            self._load.end(model.threads, now())
