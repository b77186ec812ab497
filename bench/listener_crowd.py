"""Many listeners of one room in a process of their own: what sound reaches each, and when.

They decode nothing, so that they leave the machine to the server that is measured.

    python -m bench.listener_crowd SERVER ROOM TOKEN LANGUAGE COUNT SECONDS

prints a line when all have joined and heard something, and after SECONDS a JSON object.
"""

from __future__ import annotations

import gc
import json
import sys
from dataclasses import dataclass, field
from functools import partial

import anyio
import httpx

from clients.participant import Participant
from streaming.clock import now

_JOIN_S = 60.0
_AT_ONCE = 4
"""Each join is two handshakes with public keys; more at once only wait for each other."""


@dataclass(slots=True)
class Arrivals:
    """The packets of one listener. Sequence numbers wrap at 2^16 (RFC 3550)."""

    packets: int = 0
    lost: int = 0
    longest_gap_s: float = 0.0
    _last: tuple[int, float] | None = field(default=None, repr=False)

    def take(self, sequence_number: int) -> None:
        at_s = now()
        if self._last is not None:
            number, last_s = self._last
            self.lost += (sequence_number - number - 1) % 65_536 if sequence_number != number else 0
            self.longest_gap_s = max(self.longest_gap_s, at_s - last_s)
        self._last = (sequence_number, at_s)
        self.packets += 1


async def attend(server: str, room: str, token: str, language: str, count: int, seconds: float) -> list[Arrivals]:
    """Joins, says so, and listens. Raises SessionRefused, TimeoutError."""
    crowd = [Participant(server, room, token) for _ in range(count)]
    arrivals = [Arrivals() for _ in crowd]
    places = anyio.Semaphore(_AT_ONCE)

    async def join(number: int) -> None:
        crowd[number].tap(lambda sequence_number: arrivals[number].take(sequence_number))
        async with places:
            await crowd[number].join(http, None, name=f"Listener {number + 1}", hears=language, captions=language)

    try:
        async with httpx.AsyncClient(timeout=_JOIN_S) as http:
            async with anyio.create_task_group() as joining:
                for number in range(count):
                    joining.start_soon(join, number)
            async with anyio.create_task_group() as attending:
                for listener in crowd:
                    attending.start_soon(listener.attend)
                while not all(each.packets for each in arrivals):  # noqa: ASYNC110 (nothing tells)
                    await anyio.sleep(0.1)
                gc.disable()  # a collection here would be counted as the server's pause
                print("joined", flush=True)
                arrivals[:] = [Arrivals() for _ in crowd]
                await anyio.sleep(seconds)
                measured = list(arrivals)
                attending.cancel_scope.cancel()
    finally:
        for listener in crowd:
            await listener.drop()
    return measured


def main(arguments: list[str]) -> None:
    server, room, token, language, count, seconds = arguments
    arrivals = anyio.run(partial(attend, server, room, token, language, int(count), float(seconds)))
    print(
        json.dumps(
            {
                "packets": [each.packets for each in arrivals],
                "lost": [each.lost for each in arrivals],
                "longest_gap_s": [round(each.longest_gap_s, 3) for each in arrivals],
            }
        )
    )


if __name__ == "__main__":
    main(sys.argv[1:])
