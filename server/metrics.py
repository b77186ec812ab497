"""What the server tells Prometheus (text exposition format 0.0.4)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from server.machine_load import MachineLoad
from streaming.items import BudgetChanged, ClausePlayed, ClauseSkipped, Event

_SPAN_BUCKETS_S = (0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 8.0, 12.0, 20.0)
"""Fine around the target (2.5 s at the median) and the budget (4 s at p95)."""


class Metrics:
    """All counters of one server, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._sessions = Gauge("dragoman_sessions", "Sessions now open", ["transport"], registry=self._registry)
        self._opened = Counter("dragoman_sessions_opened", "Sessions opened", ["transport"], registry=self._registry)
        self._refused = Counter("dragoman_refused", "Requests refused", ["code"], registry=self._registry)
        self._failed = Counter(
            "dragoman_sessions_failed", "Sessions ended by an error", ["code"], registry=self._registry
        )
        self._span = Histogram(
            "dragoman_ear_voice_span_seconds",
            "From the end of a clause's last source word to the start of its voice",
            ["language"],
            buckets=_SPAN_BUCKETS_S,
            registry=self._registry,
        )
        self._budget_level = Gauge(
            "dragoman_budget_level", "Latest level of the latency budget's ladder", registry=self._registry
        )
        self._budget_changes = Counter(
            "dragoman_budget_changes", "Moves of the latency budget", ["level"], registry=self._registry
        )
        self._skipped = Counter("dragoman_clauses_skipped", "Clauses not spoken", ["language"], registry=self._registry)
        self._dropped = Counter(
            "dragoman_dropped_items", "Items thrown away by full buffers", ["buffer"], registry=self._registry
        )
        self._store_failures = Counter(
            "dragoman_transcript_store_failures",
            "Failed attempts to write or expire transcripts",
            registry=self._registry,
        )
        self._words_dropped = Counter(
            "dragoman_words_dropped",
            "Recognised words not believed, each time that they came",
            ["reason"],
            registry=self._registry,
        )
        self._language_switches = Counter(
            "dragoman_language_switches",
            "Changes of the identified source language within a session",
            ["before", "after"],
            registry=self._registry,
        )
        self._compute = Counter(
            "dragoman_stage_compute_seconds", "Seconds of model compute", ["model"], registry=self._registry
        )
        self._calls = Counter(
            "dragoman_stage_calls", "Model calls, batched ones singly", ["model"], registry=self._registry
        )
        self._speakers = Gauge("dragoman_speakers", "Speakers inside", ["state"], registry=self._registry)
        self._load = Gauge(
            "dragoman_machine_load",
            "Share of the machine in use by model calls, a short average",
            registry=self._registry,
        )
        self._speaker_cost = Gauge(
            "dragoman_speaker_cost", "Share of the machine that a speaker takes while speaking", registry=self._registry
        )

    @contextmanager
    def session(self, transport: str) -> Iterator[None]:
        """Counts a session as open while the context lasts."""
        self._opened.labels(transport).inc()
        with self._sessions.labels(transport).track_inprogress():
            yield

    def observe_event(self, event: Event) -> None:
        match event:
            case ClausePlayed():
                self._span.labels(event.clause.language).observe(event.ear_voice_span_s)
            case ClauseSkipped():
                self._skipped.labels(event.clause.language).inc()
            case BudgetChanged():
                self._budget_level.set(event.level)
                self._budget_changes.labels(str(event.level)).inc()

    def observe_batch(self, model: str, size: int, seconds: float) -> None:
        """The engine's observer: one batch ran."""
        self._compute.labels(model).inc(seconds)
        self._calls.labels(model).inc(size)

    def observe_load(self, load: MachineLoad, at_s: float) -> None:
        """As it is now."""
        speaking = load.speaking(at_s)
        self._speakers.labels("speaking").set(speaking)
        self._speakers.labels("silent").set(load.inside - speaking)
        self._load.set(load.share(at_s))
        self._speaker_cost.set(load.cost(at_s))

    def observe_dropped_words(self, reason: str, count: int) -> None:
        """Recognition's observer: the guard dropped words."""
        self._words_dropped.labels(reason.replace(" ", "_")).inc(count)

    def observe_language_switch(self, before: str, after: str) -> None:
        """Recognition's observer: the speaker went on in another language."""
        self._language_switches.labels(before, after).inc()

    def add_refused(self, code: str) -> None:
        self._refused.labels(code).inc()

    def add_failed(self, code: str) -> None:
        self._failed.labels(code).inc()

    def add_dropped(self, buffer: str, count: int) -> None:
        self._dropped.labels(buffer).inc(count)

    def add_store_failure(self) -> None:
        """Transcripts could not be written, or not be deleted."""
        self._store_failures.inc()

    def exposition(self) -> bytes:
        return generate_latest(self._registry)
