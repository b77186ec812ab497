"""The bench's systems hear the same talk the same way, and faults planted in the product show in what they record."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import spoken

from bench.corpus import Clip
from bench.events import ClauseHeard, ModelCall, of_kind
from bench.metrics.word_error_rate import word_errors
from bench.recording import Recording
from bench.systems.in_process import InProcess
from bench.systems.over_webrtc import OverWebRtc
from bench.systems.over_websocket import OverWebSocket
from clients.file import FileSource
from server.load import Models
from streaming.audio import SPEECH_RATE_HZ
from streaming.engine import Model
from streaming.local_engine import VirtualCores

pytestmark = pytest.mark.e2e


@pytest.fixture(scope="module")
def clip(loaded: Models, tmp_path_factory: pytest.TempPathFactory) -> Clip:
    """Two sentences: long enough for several clauses."""
    samples = spoken.talk(loaded.voices, spoken.ENGLISH[1:3], "en", seed=1)
    path = spoken.write_wav(tmp_path_factory.mktemp("bench") / "short.wav", samples)
    with FileSource(path) as file:
        return Clip("short", path, "en", file.seconds)


@pytest.fixture(scope="module")
def in_process(loaded: Models, clip: Clip) -> Recording:
    return InProcess(loaded, "en", "pt", realtime=False).run(clip, lambda event: None)


@pytest.fixture(scope="module")
def over_websocket(server_url: str, clip: Clip) -> Recording:
    return OverWebSocket(server_url, "en", "pt").run(clip, lambda event: None)


def test_in_process_and_over_the_socket_the_talk_is_the_same_text(in_process, over_websocket) -> None:
    print(in_process.target_text, over_websocket.target_text, sep="\n")
    # The very same words, unless the machine stalls for longer than a stride and several of them become one.
    assert word_errors(in_process.target_text, over_websocket.target_text).rate <= 0.15
    assert len(of_kind(over_websocket.events, ClauseHeard)) >= 2


def test_over_webrtc_it_is_the_same_talk(in_process, server_url, clip) -> None:
    recording = OverWebRtc(server_url, "en", "pt").run(clip, lambda event: None)
    print(in_process.target_text, recording.target_text, sep="\n")
    # Opus changes the sound a little, and with it what is recognised.
    assert word_errors(in_process.target_text, recording.target_text).rate <= 0.3
    assert statistics.median(_beyond_told(recording)) > 0
    assert len(recording.speech) > clip.seconds * SPEECH_RATE_HZ


def test_the_compute_is_that_of_the_calls(in_process, over_websocket) -> None:
    calls = of_kind(in_process.events, ModelCall)
    assert sum(in_process.compute_s.values()) == pytest.approx(sum(call.seconds for call in calls))
    assert over_websocket.compute_s.keys() == in_process.compute_s.keys()


def test_a_slower_recognition_shows_in_its_compute(loaded, clip) -> None:
    """Every Whisper call costs what it took twice over, the calls of the others what they took."""
    whisper = loaded.whisper.name
    cores = _Slowed(whisper)
    slowed = InProcess(loaded, "en", "pt", execute=cores).run(clip, lambda event: None)
    assert len(cores.took_s) >= 3
    assert slowed.compute_s == pytest.approx(cores.took_s | {whisper: 2 * cores.took_s[whisper]})


def test_a_slower_network_shows_in_what_the_listener_waits_beyond_the_told_span(
    server_url, clip, over_websocket
) -> None:
    """100 ms each way: the speech comes to the server as much later as its translation comes back."""
    with _delaying_proxy(server_url, each_way_s=0.1) as url:
        delayed = OverWebSocket(url, "en", "pt").run(clip, lambda event: None)
    more_s = statistics.median(_beyond_told(delayed)) - statistics.median(_beyond_told(over_websocket))
    print(more_s)
    assert 0.1 < more_s < 0.5  # a few clauses only: the median moves with the machine


def _beyond_told(recording: Recording) -> list[float]:
    clauses = of_kind(recording.events, ClauseHeard)
    return [clause.at_s - clause.source_end_s - clause.told_span_s for clause in clauses]


class _Slowed:
    """Virtual cores on which one model takes twice as long."""

    def __init__(self, model: str) -> None:
        self.took_s: Counter[str] = Counter()
        """by model, without the slowing down"""
        self._cores = VirtualCores()
        self._model = model

    async def __call__(self, model: Model[Any, Any], batch: Sequence[Any]) -> tuple[Sequence[Any], float]:
        results, seconds = await self._cores(model, batch)
        self.took_s[model.name] += seconds
        if model.name != self._model:
            return results, seconds
        await asyncio.sleep(seconds)
        return results, 2 * seconds


@contextmanager
def _delaying_proxy(server_url: str, *, each_way_s: float) -> Iterator[str]:
    """A URL that leads to the server by a longer way, in a thread with a loop of its own."""
    at, started = urlsplit(server_url), threading.Event()
    running: list[tuple[asyncio.AbstractEventLoop, asyncio.Event, int]] = []

    async def serve() -> None:
        join, stop = partial(_join, at.hostname or "", at.port or 80, each_way_s), asyncio.Event()
        server = await asyncio.start_server(join, "127.0.0.1", 0)
        running.append((asyncio.get_running_loop(), stop, server.sockets[0].getsockname()[1]))
        started.set()
        await stop.wait()
        server.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()), name="proxy")
    thread.start()
    assert started.wait(10)
    loop, stop, port = running[0]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _join(
    host: str, port: int, delay_s: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    far_reader, far_writer = await asyncio.open_connection(host, port)
    await asyncio.gather(_carry(reader, far_writer, delay_s), _carry(far_reader, writer, delay_s))


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay_s: float) -> None:
    """Every byte `delay_s` after it came; many may be under way."""
    loop = asyncio.get_running_loop()
    with contextlib.suppress(ConnectionError):
        while data := await reader.read(65536):
            loop.call_later(delay_s, writer.write, data)
    loop.call_later(delay_s, writer.close)
