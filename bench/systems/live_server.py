"""`dragoman serve` as a user starts it, on a free port, for as long as a measurement lasts."""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from streaming.errors import DragomanError

_READY_WITHIN_S = 120.0
"""loading and warming up the models takes some ten seconds on an idle machine"""
_STOP_WITHIN_S = 30.0
_TAIL_LINES = 20


class ServerDown(DragomanError):
    """The server did not come up."""

    code = "server_down"
    status = 502


@contextmanager
def live_server(*, max_speakers: int = 8, options: Sequence[str] = ()) -> Iterator[str]:
    """The URL of a server with the shipped models, up and ready; it is stopped at the end of the block.

    Raises ServerDown, with the last lines of its log, for one that ends or isn't ready in time.
    """
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    options = ["--port", str(port), "--max-speakers", str(max_speakers), *options]
    with tempfile.TemporaryDirectory(prefix="dragoman-server-") as folder:
        log = Path(folder) / "log.txt"
        with log.open("w", encoding="utf-8") as out:
            process = subprocess.Popen(
                [sys.executable, "-m", "server.cli", "serve", *options], stdout=out, stderr=subprocess.STDOUT
            )
        try:
            _wait_until_ready(url, process, log)
            yield url
        finally:
            _stop(process)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_until_ready(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up_s = time.monotonic() + _READY_WITHIN_S
    while process.poll() is None and time.monotonic() < give_up_s:
        if _is_ready(url):
            return
        time.sleep(0.2)
    tail = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:])
    raise ServerDown(f"the server did not come up; the end of its log:\n{tail}")


def _is_ready(url: str) -> bool:
    try:
        return httpx.get(f"{url}/readyz").status_code == httpx.codes.OK
    except httpx.TransportError:
        return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(_STOP_WITHIN_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
