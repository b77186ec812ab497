"""What the routes of one server share."""

from __future__ import annotations

import functools
import os
from dataclasses import dataclass

from anyio.abc import TaskGroup

from server.admission import Admission
from server.auth import ApiKeys
from server.config import Settings
from server.glossary_store import GlossaryStore, store_path
from server.interpreter import Interpreter
from server.machine_load import MachineLoad
from server.metrics import Metrics
from server.rooms.access import Access
from server.rooms.secret import load_secret, secret_path
from server.rooms.store import RoomStore
from server.transcript_store import RETENTION_S, TranscriptStore
from server.transcripts import Transcripts
from streaming.errors import Busy
from streaming.local_engine import WORKERS
from streaming.wire import IDLE_S

_LOADING_RETRY_S = 5.0
"""Loading takes a few seconds."""

SILENT_PEER_S = 15.0
"""Neither audio nor a ping of a WebRTC peer for so long: it is gone, though nobody said so."""


class NotReady(Busy):
    """The models are still being loaded."""

    code = "not_ready"


@dataclass(slots=True)
class Runtime:
    """Made before the models are loaded; `interpreter` is set when they are."""

    settings: Settings
    keys: ApiKeys
    load: MachineLoad
    admission: Admission
    glossaries: GlossaryStore
    metrics: Metrics
    transcripts: Transcripts
    access: Access
    room_store: RoomStore
    interpreter: Interpreter | None = None
    sessions: TaskGroup | None = None
    """where sessions that outlive their request are born; open while the server serves"""
    idle_s: float = IDLE_S
    silent_peer_s: float = SILENT_PEER_S

    @classmethod
    def from_settings(cls, settings: Settings) -> Runtime:
        load = MachineLoad(cores=os.cpu_count() or 1, workers=WORKERS)
        admission = Admission(load, max_speakers=settings.max_speakers)
        metrics = Metrics()
        transcripts = Transcripts(
            TranscriptStore(store_path().with_name("transcripts.sqlite3")),
            keep_s=RETENTION_S[settings.transcripts],
            metrics=metrics,
        )
        glossaries = GlossaryStore(store_path())
        keys = ApiKeys(settings.api_keys)
        access = Access(keys, policy=settings.rooms, secret=functools.partial(load_secret, secret_path()))
        room_store = RoomStore(store_path().with_name("rooms.sqlite3"), longest=settings.transcripts)
        return cls(settings, keys, load, admission, glossaries, metrics, transcripts, access, room_store)

    def ready(self) -> Interpreter:
        """Raises NotReady until the models are loaded."""
        if self.interpreter is None:
            raise NotReady("the models are still being loaded", retry_after_s=_LOADING_RETRY_S)
        return self.interpreter
