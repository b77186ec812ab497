"""What is told of one session: its metrics, and a line in the log at its begin and its end. Never what was said."""

from __future__ import annotations

import logging
import statistics
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from server.interpreter import Job
from server.metrics import Metrics
from streaming.clock import now
from streaming.errors import DragomanError
from streaming.items import ClausePlayed, ClauseSkipped, Event, Transcript

_SPANS = 2000
"""The newest, some two hours of speech: enough for a median, and no session grows for ever."""

_log = logging.getLogger(__name__)


class SessionRecord:
    """Told of everything that happens in a session."""

    def __init__(
        self,
        *,
        session_id: str,
        transport: str,
        job: Job,
        metrics: Metrics,
        heard: Callable[[], None],
        keep: Callable[[Event], None],
        clock: Callable[[], float] = now,
    ) -> None:
        """`heard` is called whenever words of the speaker were recognised, `keep` with every event."""
        self._name = f"session {session_id}"
        self._languages = f"{job.source or 'undeclared'} to {', '.join(job.targets) or 'what is asked for'}"
        self._transport = transport
        self._metrics = metrics
        self._heard = heard
        self._keep = keep
        self._clock = clock
        self._spans_s: deque[float] = deque(maxlen=_SPANS)
        self._spoken = 0
        self._skipped = 0
        self._end = "ended"

    @contextmanager
    def open(self) -> Iterator[None]:
        """The session is open while the context lasts."""
        began_s = self._clock()
        _log.info("%s began: %s over %s", self._name, self._languages, self._transport)
        try:
            with self._metrics.session(self._transport):
                yield
        except BaseException:
            self._end = "was cut off"
            raise
        finally:
            lasted_s = self._clock() - began_s
            _log.info("%s %s: %s after %.0f s, %s", self._name, self._end, self._languages, lasted_s, self._sums)

    def observe(self, event: Event) -> None:
        self._metrics.observe_event(event)
        self._keep(event)
        match event:
            case Transcript():
                self._heard()
            case ClausePlayed():
                self._spoken += 1
                self._spans_s.append(event.ear_voice_span_s)
            case ClauseSkipped():
                self._skipped += 1

    def add_dropped(self, buffer: str, count: int) -> None:
        self._metrics.add_dropped(buffer, count)

    def add_gone(self, reason: str) -> None:
        """The client left without a goodbye."""
        self._end = f"lost its client ({reason})"

    def add_failed(self, error: DragomanError) -> None:
        self._metrics.add_failed(error.code)
        self._end = f"failed ({error.reason})"

    @property
    def _sums(self) -> str:
        clauses = f"{self._spoken} clauses spoken, {self._skipped} skipped"
        if not self._spans_s:
            return clauses
        return f"{clauses}, median ear-voice span {statistics.median(self._spans_s):.1f} s"
